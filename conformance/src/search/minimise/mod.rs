//! The minimiser: a case becomes smaller for as long as something about it stays, such as its fingerprint.
//!
//! It works on the case as JSON. What is left out there has its default, so that one kind of step, leaving something
//! out, drops visits, list entries and headers, and resets every option of policy, handler and request. What must stay
//! becomes plain: a usual method, a usual header, an origin of `a.example`. No chance is in it: of the same case
//! the same is made.

use std::collections::HashSet;

use serde_json::Value;

use crate::case::Case;

mod plain;

/// The smallest case that `keeps` agrees to, as far as single steps lead: nothing more can be left out of it, and nothing
/// made plainer. `keeps` is asked about valid cases alone, about each at most once, and not about the first.
pub fn minimise(case: &Case, keeps: &mut dyn FnMut(&Case) -> bool) -> Case {
    let Ok(value) = serde_json::to_value(case) else { return case.clone() };
    let mut search = Search { size: Size::of(&value), value, case: case.clone(), tried: HashSet::new(), keeps };
    while search.pass(without_one) | search.pass(plain::plainer) {}
    search.case
}

/// The case as JSON without what is as by default.
pub fn short(case: &Case) -> Value {
    let mut value = serde_json::to_value(case).unwrap_or_default();
    let says_the_same = |value: &Value| serde_json::from_value::<Case>(value.clone()).is_ok_and(|same| same == *case);
    while let Some(shorter) = without_one(&value).into_iter().find(says_the_same) {
        value = shorter;
    }
    value
}

struct Search<'k> {
    value: Value,
    case: Case,
    size: Size,
    tried: HashSet<String>,
    keeps: &'k mut dyn FnMut(&Case) -> bool,
}

impl Search<'_> {
    /// Takes steps of one kind until none is left, and tells whether there was any.
    fn pass(&mut self, steps: fn(&Value) -> Vec<Value>) -> bool {
        let mut is_smaller = false;
        while steps(&self.value).into_iter().any(|step| self.take(step)) {
            is_smaller = true;
        }
        is_smaller
    }

    /// Takes a step, if it makes the case smaller and keeps what is to stay.
    fn take(&mut self, step: Value) -> bool {
        let size = Size::of(&step);
        // Each step that is taken makes it smaller, so that there is an end.
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

/// How much there is to read: values in the case, then how far they are from plain ones, then bytes.
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

/// The value without one of its parts, for each part, the large ones first.
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
    fn where_nothing_must_stay_nothing_stays() {
        for number in 0..100 {
            let case = Settings::default().numbered(1, number).unwrap();
            assert_eq!(minimise(&case, &mut |_| true), self::case(r#"{"visits": []}"#));
        }
    }

    #[test]
    fn where_everything_must_stay_the_case_stays() {
        let case = Settings::default().numbered(1, 7).unwrap();
        assert_eq!(minimise(&case, &mut |_| false), case);
    }

    #[test]
    fn of_the_same_case_the_same_is_made() {
        let case = Settings::default().numbered(1, 3).unwrap();
        let keep = |case: &Case| !case.visits.is_empty();
        assert_eq!(minimise(&case, &mut { keep }), minimise(&case, &mut { keep }));
    }

    #[test]
    fn visits_headers_and_options_that_do_not_matter_are_dropped() {
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
    fn what_is_as_by_default_is_not_written() {
        let text = r#"{"policy":{"origins":["https://a.example"]},"visits":[{"fetch":{"page_origin":"null"}}]}"#;
        assert_eq!(short(&case(text)).to_string(), text);
    }

    #[test]
    fn a_host_that_stands_in_several_places_is_renamed_in_all() {
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
