//! Comparison of the reference model with naive implementations of the same sentences, and properties of every input.
//!
//! Each check returns an error that describes the difference.

use std::hash::{DefaultHasher, Hash, Hasher};

use cors_conformance::{
    case::{
        Case,
        vectors::{Loaded, Vector},
    },
    judge::judge_stream,
    search::minimise::minimise,
};
use cors_policy::origin_set::{OriginPattern, OriginSet};
use cors_reference::{
    agent::STANDARD,
    extract::extract_tokens,
    header::{HeaderName, HeaderValue},
    header_list::HeaderList,
    origin::Origin,
};

use crate::inputs;

/// Compares an actual value with the expected one.
fn agree<T: PartialEq + std::fmt::Debug>(what: &str, actual: &T, expected: &T) -> Result<(), String> {
    if actual == expected { Ok(()) } else { Err(format!("{what}: {actual:?} instead of {expected:?}")) }
}

/// Compares the matcher of origins with a naive one. The first line of the input is an `Origin`, and each further line is an
/// entry of a policy.
///
/// # Errors
///
/// Returns the difference.
pub fn origins(input: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(()) };
    let mut lines = text.lines();
    let origin = lines.next().unwrap_or_default();
    let patterns: Vec<OriginPattern> = lines.filter_map(|line| line.parse().ok()).collect();
    let set = OriginSet::new(&patterns);
    let by_one = patterns.iter().any(|pattern| pattern.matches(origin.as_bytes()));
    agree("a set and its patterns", &set.contains(origin.as_bytes()), &by_one)?;
    // The patterns specify nothing for a value that is not an origin.
    if origin.parse::<Origin>().is_ok() {
        let naively = patterns.iter().any(|pattern| covers(pattern.as_str(), origin));
        agree(&format!("{origin} of {patterns:?}"), &by_one, &naively)?;
    }
    Ok(())
}

/// Returns true if an entry covers a serialized origin by the definition of the policy format.
fn covers(pattern: &str, origin: &str) -> bool {
    let (Some((scheme, rest)), Some((its_scheme, its_rest))) = (pattern.split_once("://"), origin.split_once("://"))
    else {
        return pattern == origin;
    };
    let ((host, port), (its_host, its_port)) = (host_and_port(rest), host_and_port(its_rest));
    let is_host = match host.strip_prefix("*.") {
        Some(parent) => {
            let before = its_host.strip_suffix(parent).and_then(|before| before.strip_suffix('.'));
            before.is_some_and(|labels| labels.split('.').all(|label| !label.is_empty()))
        }
        None => host == its_host,
    };
    scheme == its_scheme && is_host && (port == "*" || port == its_port)
}

fn host_and_port(text: &str) -> (&str, &str) {
    match text.rsplit_once(':') {
        Some((host, port)) if !port.ends_with(']') => (host, port),
        _ => (text, ""),
    }
}

/// Compares the operations on header lists with naive ones. Each line of the input is a value, and every other line has the
/// same name.
///
/// # Errors
///
/// Returns the difference.
pub fn headers(input: &[u8]) -> Result<(), String> {
    let list: HeaderList = input.split(|byte| *byte == b'\n').enumerate().filter_map(line).collect();
    for name in NAMES {
        let values: Vec<&[u8]> = list.named(name).map(|(_, value)| value.as_bytes()).collect();
        let joined = (!values.is_empty()).then(|| values.join(&b", "[..]));
        agree("getting", &list.get(name).map(|got| got.to_vec()), &joined)?;
        let is_equal = list.get(name).zip(joined.as_ref()).is_none_or(|(got, joined)| got == **joined);
        agree("comparing", &is_equal, &true)?;
        let extracted = extract_tokens(name, &list).map(Option::unwrap_or_default).ok();
        agree("splitting", &extracted, &tokens(&values))?;
    }
    agree("combining", &list.combined().len(), &NAMES.iter().filter(|name| list.contains(name)).count())
}

const NAMES: [&str; 2] = ["Access-Control-Allow-Headers", "access-control-expose-headers"];

fn line((index, bytes): (usize, &[u8])) -> Option<(HeaderName, HeaderValue)> {
    Some((NAMES[index % NAMES.len()].parse().ok()?, HeaderValue::from_wire(bytes)))
}

/// Splits values as `#token`. Returns `None` if an element is not a token.
fn tokens<'v>(values: &[&'v [u8]]) -> Option<Vec<&'v str>> {
    let mut found = Vec::new();
    for value in values {
        let value = std::str::from_utf8(value).ok()?;
        for element in value.split(',').map(|element| element.trim_matches([' ', '\t'])) {
            let is_letter = |letter: char| letter.is_ascii_graphic() && !"\"(),/:;<=>?@[\\]{}".contains(letter);
            if !element.chars().all(is_letter) {
                return None;
            }
            found.extend(Some(element).filter(|element| !element.is_empty()));
        }
    }
    Some(found)
}

/// Checks that a case survives a round trip through JSON, and that the minimiser keeps an arbitrary property.
///
/// # Errors
///
/// Returns the difference.
pub fn cases(input: &[u8]) -> Result<(), String> {
    for vector in inputs::vectors(input) {
        let text = serde_json::to_string(&vector.case).map_err(|error| error.to_string())?;
        let mut again = Loaded::default();
        again.read("input", &text);
        let is_same = |read: &Vector| read.case == vector.case;
        if !again.vectors.first().is_some_and(is_same) {
            return Err(format!("{text}: changed by a round trip: {:?}", again.errors));
        }
        // An arbitrary property of a case, which is the same each time.
        let keeps = |case: &Case| {
            let mut hasher = DefaultHasher::new();
            serde_json::to_string(case).unwrap_or_default().hash(&mut hasher);
            hasher.finish().is_multiple_of(3)
        };
        let small = minimise(&vector.case, &mut |case| keeps(case));
        if small != vector.case && !keeps(&small) {
            return Err(format!("{text}: minimised to {small:?}, which lacks the property"));
        }
    }
    Ok(())
}

/// Checks that `judge` writes a line of JSON for each line of the input that is not blank.
///
/// # Errors
///
/// Returns the difference.
pub fn judge(input: &[u8]) -> Result<(), String> {
    let mut output = Vec::new();
    let summary = judge_stream(input, &mut output, STANDARD).map_err(|error| error.to_string())?;
    let lines: Vec<&[u8]> = output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    agree("lines in the output", &lines.len(), &(summary.judged + summary.errors))?;
    let is_json = |line: &&[u8]| serde_json::from_slice::<serde_json::Value>(line).is_ok();
    agree("lines that are JSON", &lines.iter().filter(|line| is_json(line)).count(), &lines.len())
}
