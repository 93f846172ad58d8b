//! The reference model beside naive readings of the same sentences, and what holds of any input.
//!
//! Each check says what is wrong, or that nothing is.

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

/// Whether what is said agrees with what is wanted.
fn agree<T: PartialEq + std::fmt::Debug>(what: &str, said: &T, wanted: &T) -> Result<(), String> {
    if said == wanted { Ok(()) } else { Err(format!("{what}: {said:?}, not {wanted:?}")) }
}

/// The first line is an `Origin`, each line after it an entry of a policy: the matcher covers what the entries say.
///
/// # Errors
///
/// What differs.
pub fn origins(input: &[u8]) -> Result<(), String> {
    let Ok(text) = std::str::from_utf8(input) else { return Ok(()) };
    let mut lines = text.lines();
    let origin = lines.next().unwrap_or_default();
    let patterns: Vec<OriginPattern> = lines.filter_map(|line| line.parse().ok()).collect();
    let set = OriginSet::new(&patterns);
    let by_one = patterns.iter().any(|pattern| pattern.matches(origin.as_bytes()));
    agree("a set beside its patterns", &set.contains(origin.as_bytes()), &by_one)?;
    // Of what is no origin the patterns promise nothing.
    if origin.parse::<Origin>().is_ok() {
        let naively = patterns.iter().any(|pattern| covers(pattern.as_str(), origin));
        agree(&format!("{origin} of {patterns:?}"), &by_one, &naively)?;
    }
    Ok(())
}

/// Whether an entry covers a serialized origin, as the format of a policy has it.
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

/// Each line is a header's value, every other one under the same name: getting, setting and splitting them agree
/// with a naive splitter.
///
/// # Errors
///
/// What differs.
pub fn headers(input: &[u8]) -> Result<(), String> {
    let list: HeaderList = input.split(|byte| *byte == b'\n').enumerate().filter_map(line).collect();
    for name in NAMES {
        let values: Vec<&[u8]> = list.named(name).map(|(_, value)| value.as_bytes()).collect();
        let joined = (!values.is_empty()).then(|| values.join(&b", "[..]));
        agree("getting", &list.get(name).map(|got| got.to_vec()), &joined)?;
        let is_equal = list.get(name).zip(joined.as_ref()).is_none_or(|(got, joined)| got == **joined);
        agree("comparing", &is_equal, &true)?;
        let said = extract_tokens(name, &list).map(Option::unwrap_or_default).ok();
        agree("splitting", &said, &tokens(&values))?;
    }
    agree("combining", &list.combined().len(), &NAMES.iter().filter(|name| list.contains(name)).count())
}

const NAMES: [&str; 2] = ["Access-Control-Allow-Headers", "access-control-expose-headers"];

fn line((index, bytes): (usize, &[u8])) -> Option<(HeaderName, HeaderValue)> {
    Some((NAMES[index % NAMES.len()].parse().ok()?, HeaderValue::from_wire(bytes)))
}

/// The elements of a `#token`, or nothing where one of them is none.
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

/// A case that is read is the same once it was written and read again, and can be made small whatever is to stay.
///
/// # Errors
///
/// What differs.
pub fn cases(input: &[u8]) -> Result<(), String> {
    for vector in inputs::vectors(input) {
        let text = serde_json::to_string(&vector.case).map_err(|error| error.to_string())?;
        let mut again = Loaded::default();
        again.read("input", &text);
        let is_same = |read: &Vector| read.case == vector.case;
        if !again.vectors.first().is_some_and(is_same) {
            return Err(format!("{text}: not what it was: {:?}", again.errors));
        }
        // An arbitrary word on each case, the same each time.
        let keeps = |case: &Case| {
            let mut hasher = DefaultHasher::new();
            serde_json::to_string(case).unwrap_or_default().hash(&mut hasher);
            hasher.finish().is_multiple_of(3)
        };
        let small = minimise(&vector.case, &mut |case| keeps(case));
        if small != vector.case && !keeps(&small) {
            return Err(format!("{text}: made {small:?}, which was refused"));
        }
    }
    Ok(())
}

/// Every line that is not blank is judged or said to be wrong, and each of these words is JSON.
///
/// # Errors
///
/// What is missing.
pub fn judge(input: &[u8]) -> Result<(), String> {
    let mut output = Vec::new();
    let summary = judge_stream(input, &mut output, STANDARD).map_err(|error| error.to_string())?;
    let lines: Vec<&[u8]> = output.split(|byte| *byte == b'\n').filter(|line| !line.is_empty()).collect();
    agree("lines in the output", &lines.len(), &(summary.judged + summary.errors))?;
    let is_json = |line: &&[u8]| serde_json::from_slice::<serde_json::Value>(line).is_ok();
    agree("lines that are JSON", &lines.iter().filter(|line| is_json(line)).count(), &lines.len())
}
