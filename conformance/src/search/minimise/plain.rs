//! Plain values: those that a person expects in an example, for each place in a case.

use serde_json::Value;

/// Plain hosts. The plainest comes first.
const HOSTS: [&str; 3] = ["a.example", "b.example", "c.example"];

/// Returns the plain values of a place. The plainest comes first.
fn plain_values(place: &str) -> &'static [&'static str] {
    const ORIGINS: &[&str] = &["https://a.example", "https://b.example", "null"];
    const PATTERNS: &[&str] = &["https://a.example", "https://b.example", "https://*.a.example", "https://a.example:*"];
    let mut names = place.rsplit('/');
    let (last, parent) = (names.next().unwrap_or_default(), names.next().unwrap_or_default());
    match (parent, last) {
        (_, "page_origin") => ORIGINS,
        ("origins", _) => PATTERNS,
        (_, "method") | ("methods", _) => &["PUT", "DELETE"],
        ("request_headers" | "exposed_headers", _) => &["x-a", "x-b"],
        (_, "max_age") => &["600", "0"],
        (_, "after_ms") => &["1000"],
        (_, "status") => &["404", "500", "204"],
        // A header is a pair of a name and a value.
        (_, "0") if is_header(place) => &["X-A", "Vary"],
        (_, "1") if is_header(place) => &["1", "https://a.example", "PUT", "x-a"],
        _ => &[],
    }
}

fn is_header(place: &str) -> bool {
    place.rsplit('/').nth(2).is_some_and(|list| matches!(list, "headers" | "outer_headers"))
}

/// Calls `each` with the place and the value of every part of a value. A place is a JSON pointer.
pub(super) fn each_place(value: &Value, each: &mut dyn FnMut(&str, &Value)) {
    fn descend(place: &mut String, value: &Value, each: &mut dyn FnMut(&str, &Value)) {
        let parts: Vec<(String, &Value)> = match value {
            Value::Object(fields) => fields.iter().map(|(name, value)| (name.clone(), value)).collect(),
            Value::Array(items) => items.iter().enumerate().map(|(index, item)| (index.to_string(), item)).collect(),
            _ => return,
        };
        for (name, part) in parts {
            let length = place.len();
            place.push('/');
            place.push_str(&name);
            each(place, part);
            descend(place, part, each);
            place.truncate(length);
        }
    }
    descend(&mut String::new(), value, each);
}

/// Returns the distance of a value from the plain values of its place. The plainest value has the distance 0.
pub(super) fn strangeness(place: &str, value: &Value) -> usize {
    let plain = plain_values(place);
    let text = match value {
        Value::String(text) => text.clone(),
        Value::Number(number) => number.to_string(),
        _ => return 0,
    };
    if let Some(index) = plain.iter().position(|plain| *plain == text) {
        return index;
    }
    let hosts = if HOSTS.iter().any(|host| text.contains(host)) { 0 } else { 4 };
    let scheme = if text.contains("http://") { 2 } else { 0 };
    let port = if text.rsplit_once(':').is_some_and(|(_, port)| port.parse::<u16>().is_ok()) { 1 } else { 0 };
    plain.len() + hosts + scheme + port
}

/// Returns the value with one part made plainer, for each such change.
pub(super) fn plainer(value: &Value) -> Vec<Value> {
    let mut steps = renamed(value);
    each_place(value, &mut |place, old| {
        for plain in plain_values(place) {
            let new = match old {
                Value::String(_) => Value::from(*plain),
                Value::Number(_) => plain.parse::<u64>().map_or(Value::Null, Value::from),
                _ => continue,
            };
            let mut step = value.clone();
            if let Some(changed) = step.pointer_mut(place) {
                *changed = new;
                steps.push(step);
            }
        }
    });
    steps
}

/// Returns the value with a host, a port, a scheme or a wildcard of the policy's origins replaced everywhere. Origins near
/// an allowed one stay near it.
fn renamed(value: &Value) -> Vec<Value> {
    let text = value.to_string();
    let mut replacements = vec![("http://".to_owned(), "https://"), (":*".to_owned(), ""), ("*.".to_owned(), "")];
    let origins = value.pointer("/policy/origins").and_then(Value::as_array);
    for origin in origins.into_iter().flatten().filter_map(Value::as_str) {
        let Some((_, rest)) = origin.split_once("://") else { continue };
        let rest = rest.trim_start_matches("*.");
        let (host, port) = match rest.rsplit_once(':') {
            Some((host, port)) if !rest.ends_with(']') => (host, port),
            _ => (rest, ""),
        };
        if !port.is_empty() {
            replacements.push((format!(":{port}"), ""));
        }
        replacements.extend(HOSTS.iter().filter(|_| !HOSTS.contains(&host)).map(|plain| (host.to_owned(), *plain)));
    }
    let renamed = replacements.iter().map(|(old, new)| text.replace(old.as_str(), new));
    renamed.filter(|step| *step != text).filter_map(|step| serde_json::from_str(&step).ok()).collect()
}
