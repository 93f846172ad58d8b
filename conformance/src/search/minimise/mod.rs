//! The minimiser makes a case smaller while it keeps a property, such as the fingerprint of a divergence.
//!
//! It works on the JSON form of a case. An absent field has its default there. Removing a part of the JSON therefore drops
//! a visit, a list entry or a header, or resets an option of the policy, the handler or a request. The minimiser then
//! replaces the remaining values by plain ones: a common method, a common header, an origin at `a.example`. It makes no
//! random choices, so the same case always yields the same result.

use std::collections::HashSet;

use serde_json::Value;

use crate::case::Case;

mod plain;

/// Returns a case for which `keeps` returns true and from which no single step removes or simplifies anything more.
///
/// `keeps` is called with valid cases only, at most once for each, and not with the original case.
pub fn minimise(case: &Case, keeps: &mut dyn FnMut(&Case) -> bool) -> Case {
    let Ok(value) = serde_json::to_value(case) else { return case.clone() };
    let mut minimiser = Minimiser { size: Size::of(&value), value, case: case.clone(), tried: HashSet::new(), keeps };
    while minimiser.pass(without_one) | minimiser.pass(plain::plainer) {}
    minimiser.case
}

/// Returns the case as JSON, without the fields that have their default value.
pub fn short(case: &Case) -> Value {
    let mut value = serde_json::to_value(case).unwrap_or_default();
    let is_equal = |value: &Value| serde_json::from_value::<Case>(value.clone()).is_ok_and(|same| same == *case);
    while let Some(shorter) = without_one(&value).into_iter().find(is_equal) {
        value = shorter;
    }
    value
}

struct Minimiser<'k> {
    value: Value,
    case: Case,
    size: Size,
    tried: HashSet<String>,
    keeps: &'k mut dyn FnMut(&Case) -> bool,
}

impl Minimiser<'_> {
    /// Takes steps of one kind until none succeeds. Returns true if any did.
    fn pass(&mut self, steps: fn(&Value) -> Vec<Value>) -> bool {
        let mut is_smaller = false;
        while steps(&self.value).into_iter().any(|step| self.take(step)) {
            is_smaller = true;
        }
        is_smaller
    }

    /// Takes a step if the case becomes smaller and keeps the property. Returns true if it was taken.
    fn take(&mut self, step: Value) -> bool {
        let size = Size::of(&step);
        // Every step makes the case smaller, so the loop ends.
        if size >= self.size || !self.tried.insert(step.to_string()) {
            return false;
        }
        let Ok(case) = serde_json::from_value::<Case>(step.clone()) else { return false };
        if case != self.case && (case.validate().is_err() || !(self.keeps)(&case)) {
            return false;
        }
        (self.value, self.case, self.size) = (step, case, size);
        true
    }
}

/// The size of a case, compared by the number of values, then by their strangeness, then by the number of bytes.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
struct Size {
    values: usize,
    strangeness: usize,
    bytes: usize,
}

impl Size {
    fn of(value: &Value) -> Self {
        let mut size = Self { values: 0, strangeness: 0, bytes: value.to_string().len() };
        plain::each_place(value, &mut |place, value| {
            size.values += 1;
            size.strangeness += plain::strangeness(place, value);
        });
        size
    }
}

/// Returns the value without one of its parts, for each part. The large parts come first.
fn without_one(value: &Value) -> Vec<Value> {
    let mut pointers = Vec::new();
    plain::each_place(value, &mut |place, _| pointers.push(place.to_owned()));
    pointers.sort_by_key(|pointer| pointer.matches('/').count());
    pointers.iter().filter_map(|pointer| without(value, pointer)).collect()
}

fn without(value: &Value, pointer: &str) -> Option<Value> {
    let (parent, last) = pointer.rsplit_once('/')?;
    let mut smaller = value.clone();
    match smaller.pointer_mut(parent)? {
        Value::Object(fields) => drop(fields.remove(last)?),
        Value::Array(items) => {
            let index = last.parse().ok().filter(|index| *index < items.len())?;
            items.remove(index);
        }
        _ => return None,
    }
    Some(smaller)
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::generate::Settings;

    fn case(text: &str) -> Case {
        serde_json::from_str(text).unwrap()
    }

    fn minimised(text: &str, mut keeps: impl FnMut(&Case) -> bool) -> Case {
        minimise(&case(text), &mut keeps)
    }

    #[test]
    fn a_case_without_a_property_to_keep_becomes_empty() {
        for number in 0..100 {
            let case = Settings::default().numbered(1, number).unwrap();
            assert_eq!(minimise(&case, &mut |_| true), self::case(r#"{"visits": []}"#));
        }
    }

    #[test]
    fn a_case_that_must_keep_everything_stays_the_same() {
        let case = Settings::default().numbered(1, 7).unwrap();
        assert_eq!(minimise(&case, &mut |_| false), case);
    }

    #[test]
    fn the_same_case_yields_the_same_result() {
        let case = Settings::default().numbered(1, 3).unwrap();
        let keep = |case: &Case| !case.visits.is_empty();
        assert_eq!(minimise(&case, &mut { keep }), minimise(&case, &mut { keep }));
    }

    #[test]
    fn irrelevant_visits_headers_and_options_are_removed() {
        let small = minimised(
            r#"{"policy": {"origins": ["https://x.example", "https://y.example"], "credentials": true, "max_age": 5},
                "handler": {"status": 404, "headers": [["X-B", "2"], ["Vary", "Accept"]]},
                "visits": [{"fetch": {"page_origin": "https://x.example"}},
                           {"fetch": {"page_origin": "https://y.example", "request": {"headers": [["X-C", "3"]]}}}]}"#,
            |case| case.handler.headers.contains("Vary") && !case.visits.is_empty(),
        );
        let expected = r#"{"handler": {"headers": [["Vary", "1"]]}, "visits": [{"raw": {}}]}"#;
        assert_ne!(small, case(expected), "a fetch stays a fetch");
        assert_eq!(serde_json::to_value(&small).unwrap()["handler"]["headers"], serde_json::json!([["Vary", "1"]]));
        assert_eq!((small.visits.len(), &small.policy), (1, &Default::default()));
    }

    #[test]
    fn the_short_form_omits_default_values() {
        let text = r#"{"policy":{"origins":["https://a.example"]},"visits":[{"fetch":{"page_origin":"null"}}]}"#;
        assert_eq!(short(&case(text)).to_string(), text);
    }

    #[test]
    fn a_host_is_renamed_everywhere() {
        let text = r#"{"policy": {"origins": ["http://*.xn--bcher-kva.example:8080"]},
            "visits": [{"fetch": {"page_origin": "http://evilxn--bcher-kva.example:8080"}}]}"#;
        let small = minimised(text, |case| {
            let [pattern] = case.policy.origins.list() else { return false };
            let Some(crate::case::Visit::Fetch(fetch)) = case.visits.first() else { return false };
            let host = |text: &str| text.split_once("://").map(|(_, host)| host.trim_start_matches("*.").to_owned());
            let (pattern, page) = (host(pattern.as_str()), host(fetch.page_origin.serialize()));
            pattern.zip(page).is_some_and(|(pattern, page)| page != pattern && page.ends_with(&pattern))
        });
        let expected = r#"{"policy": {"origins": ["https://a.example"]},
            "visits": [{"fetch": {"page_origin": "https://evila.example"}}]}"#;
        assert_eq!(small, case(expected));
    }
}
