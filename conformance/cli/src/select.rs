//! The choice of middlewares, rules and vectors by their names on the command line.
//!
//! An unknown name is an error before anything runs.

use std::{io, path::Path};

use cors_adapters::{Middleware, registry};
use cors_conformance::{
    case::{
        selection::Shard,
        vectors::{Loaded, Vector, built_in},
    },
    rules::rules,
    self_check::registry as subjects,
};

use crate::files;

/// Returns true if an id is the wanted one, or belongs to the wanted topic or class.
///
/// A topic or class is the part of an id before its slash.
pub(crate) fn matches(id: &str, wanted: &str) -> bool {
    let group = wanted.strip_suffix('/').unwrap_or(wanted);
    id == wanted || id.strip_prefix(group).is_some_and(|rest| rest.starts_with('/'))
}

/// Returns the middlewares with these names, or every built-in middleware if there is no name.
///
/// # Errors
///
/// Returns an error that names every unknown middleware.
pub(crate) fn middlewares(names: &[String]) -> io::Result<Vec<&'static dyn Middleware>> {
    if names.is_empty() {
        return Ok(registry::middlewares().collect());
    }
    let unknown = names.iter().filter(|name| subjects::named(name).is_none());
    usage_errors(unknown.map(|name| unknown_middleware(name)).collect())?;
    let is_named = |middleware: &&dyn Middleware| names.iter().any(|name| name == middleware.describe().name);
    Ok(subjects::all().filter(is_named).collect())
}

/// Returns the middleware with this name.
///
/// # Errors
///
/// Returns an error if no middleware has the name.
pub(crate) fn middleware(name: &str) -> io::Result<&'static dyn Middleware> {
    subjects::named(name).ok_or_else(|| usage_error(unknown_middleware(name)))
}

fn unknown_middleware(name: &str) -> String {
    let known = subjects::all().map(|middleware| middleware.describe().name);
    let hint = did_you_mean(name, known);
    format!("--adapter {name}: unknown middleware; {hint}`cors-conformance adapters` lists them")
}

/// Checks that every wanted rule or class exists.
///
/// # Errors
///
/// Returns an error that names every unknown rule.
pub(crate) fn check_rules(wanted: &[String]) -> io::Result<()> {
    let unknown = wanted.iter().filter(|wanted| !rules().any(|rule| matches(rule.id, wanted)));
    usage_errors(unknown.map(|wanted| format!("--rule {}", unknown_rule(wanted))).collect())
}

/// Returns the message about an unknown rule or class.
pub(crate) fn unknown_rule(wanted: &str) -> String {
    let ids = rules().map(|rule| rule.id);
    let classes = rules().filter_map(|rule| rule.id.split('/').next());
    let hint = did_you_mean(wanted, ids.chain(classes));
    format!("{wanted}: unknown rule; {hint}`cors-conformance rules` lists them")
}

/// The vectors to run, and the errors in files of vectors.
pub(crate) struct Vectors {
    /// The vectors, in the order of their ids.
    pub(crate) vectors: Vec<Vector>,
    /// The vectors that could not be read, and ids that two vectors share.
    pub(crate) errors: Vec<String>,
}

/// Returns the vectors with these ids, of these topics and in these files, within a shard; or every built-in vector if
/// nothing is wanted.
///
/// # Errors
///
/// Returns an error that names every unknown id and every file that cannot be opened.
pub(crate) fn vectors(wanted: &[String], shard: Option<Shard>) -> io::Result<Vectors> {
    let (paths, ids): (Vec<_>, Vec<_>) =
        wanted.iter().partition(|wanted| wanted.ends_with(".json") || Path::new(wanted).is_file());
    let built_in = built_in();
    let (mut loaded, mut unusable) = (Loaded::default(), Vec::new());
    for path in paths {
        match files::read(Path::new(path)) {
            Ok(text) => loaded.read(path, &text),
            Err(error) => unusable.push(format!("--vector {error}")),
        }
    }
    for wanted in &ids {
        if !built_in.vectors.iter().any(|vector| matches(&vector.id, wanted)) {
            let known = built_in.vectors.iter().map(|vector| vector.id.as_str());
            let topics = known.clone().filter_map(|id| id.split('/').next());
            let hint = did_you_mean(wanted, known.chain(topics));
            unusable.push(format!(
                "--vector {wanted}: neither the id of a vector nor a file; {hint}`cors-conformance vectors` prints them"
            ));
        }
    }
    usage_errors(unusable)?;
    let mut errors = Vec::new();
    if !ids.is_empty() || wanted.is_empty() {
        let is_wanted = |vector: &Vector| ids.is_empty() || ids.iter().any(|wanted| matches(&vector.id, wanted));
        loaded.vectors.extend(built_in.vectors.into_iter().filter(is_wanted));
        errors.extend(built_in.errors.iter().map(ToString::to_string));
    }
    errors.extend(loaded.errors.iter().map(ToString::to_string));
    let mut vectors = loaded.vectors;
    vectors.retain(|vector| shard.is_none_or(|shard| shard.contains(vector)));
    // Merged shards have the same order. A vector that is wanted twice runs once.
    vectors.sort_by(|one, other| one.id.cmp(&other.id));
    vectors.dedup_by(|later, first| {
        if later.id == first.id && later != first {
            errors.push(format!("--vector {}: two vectors have this id; only the first one runs", first.id));
        }
        later.id == first.id
    });
    Ok(Vectors { vectors, errors })
}

/// Returns an error about the command line.
pub(crate) fn usage_error(message: impl Into<String>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidInput, message.into())
}

/// Returns one error that lists the messages, one a line, if there are any.
pub(crate) fn usage_errors(messages: Vec<String>) -> io::Result<()> {
    if messages.is_empty() { Ok(()) } else { Err(usage_error(messages.join("\nerror: "))) }
}

/// Returns a hint that names the known names closest to an unknown one, or an empty text if none is close.
pub(crate) fn did_you_mean<'n>(unknown: &str, known: impl Iterator<Item = &'n str>) -> String {
    const MOST: usize = 3;
    let limit = (unknown.chars().count() / 3).max(1);
    let mut near: Vec<(usize, &str)> = known
        .filter_map(|name| {
            let distance =
                if name.starts_with(unknown) && unknown.len() > 2 { 1 } else { edit_distance(unknown, name) };
            (distance <= limit).then_some((distance, name))
        })
        .collect();
    near.sort_unstable();
    near.dedup();
    let near: Vec<String> = near.into_iter().take(MOST).map(|(_, name)| format!("`{name}`")).collect();
    if near.is_empty() { String::new() } else { format!("did you mean {}? ", near.join(" or ")) }
}

/// Returns the number of characters to insert, remove or replace to turn one text into another.
fn edit_distance(one: &str, other: &str) -> usize {
    let other: Vec<char> = other.chars().collect();
    let mut row: Vec<usize> = (0..=other.len()).collect();
    for (index, character) in one.chars().enumerate() {
        let mut diagonal = row[0];
        row[0] = index + 1;
        for (column, candidate) in other.iter().enumerate() {
            let replaced = diagonal + usize::from(character != *candidate);
            diagonal = row[column + 1];
            row[column + 1] = replaced.min(diagonal + 1).min(row[column] + 1);
        }
    }
    row[other.len()]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_id_matches_itself_and_its_group_alone() {
        assert!(matches("over-grant/origin", "over-grant/origin"));
        assert!(matches("over-grant/origin", "over-grant"));
        assert!(matches("over-grant/origin", "over-grant/"));
        assert!(!matches("over-grant/origin", "over"));
        assert!(!matches("over-grant/origin", "over-grant/ori"));
    }

    #[test]
    fn the_edit_distance_counts_insertions_removals_and_replacements() {
        for (one, other, distance) in
            [("", "", 0), ("", "ab", 2), ("kitten", "sitting", 3), ("tower-htp", "tower-http", 1)]
        {
            assert_eq!(edit_distance(one, other), distance, "{one} {other}");
            assert_eq!(edit_distance(other, one), distance, "{other} {one}");
        }
    }

    #[test]
    fn the_hint_names_the_closest_names_or_nothing() {
        let names = || ["tower-http", "tower-http-0-5", "tide", "warp"].into_iter();
        assert_eq!(did_you_mean("tower-htp", names()), "did you mean `tower-http`? ");
        assert_eq!(did_you_mean("nonsense", names()), "");
    }

    #[test]
    fn unknown_names_are_errors() {
        let wanted = |names: &[&str]| names.iter().map(|name| (*name).to_owned()).collect::<Vec<_>>();
        let message = check_rules(&wanted(&["over-grant/origins", "over-grant"])).unwrap_err().to_string();
        assert!(
            message.starts_with("--rule over-grant/origins: unknown rule; did you mean `over-grant/origin`"),
            "{message}"
        );
        let message = middlewares(&wanted(&["referense"])).err().unwrap().to_string();
        assert!(message.contains("did you mean `reference`? "), "{message}");
        let message = vectors(&wanted(&["statusses", "nope.json"]), None).err().unwrap().to_string();
        assert!(message.contains("did you mean `statuses`? ") && message.contains("\nerror: --vector "), "{message}");
    }
}
