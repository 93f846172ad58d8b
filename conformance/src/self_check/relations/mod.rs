//! Relations between two responses of one middleware, which hold for every policy.
//!
//! Relations use neither the model server nor the intent of a policy. A mistake in those therefore hides nothing from them.

use cors_adapters::{Middleware, Observation};
use cors_reference::request::WireRequest;

use crate::{
    case::Case,
    drive::{VisitRun, drive},
};

mod added_origin;
mod alike;
mod between;
mod equal_requests;
mod one_option;

/// A relation between two runs of one middleware, or between two responses in one run.
#[derive(Debug)]
pub struct Relation {
    /// The name, in kebab case.
    pub id: &'static str,
    /// A sentence that states the relation.
    pub statement: &'static str,
    /// Checks the relation. Returns what was compared and how it differs, or `None` if the relation holds or does not apply
    /// to the case.
    pub check: fn(&dyn Middleware, &Case) -> Option<String>,
}

/// All relations.
pub const RELATIONS: &[Relation] = &[
    Relation {
        id: "added-origin-only-grants",
        statement: "Adding an origin to the list takes access from no other origin.",
        check: added_origin::check,
    },
    Relation {
        id: "requests-in-between-change-nothing",
        statement: "Requests by others do not change a response.",
        check: between::check,
    },
    Relation {
        id: "preflight-and-actual-decide-alike",
        statement: "The responses to a preflight and to its actual request allow the same origins.",
        check: alike::check,
    },
    Relation {
        id: "equal-requests-get-equal-answers",
        statement: "Repeating a request, or sending it to a second server with the same configuration, yields the same response.",
        check: equal_requests::check,
    },
    Relation {
        id: "one-option-changes-no-other",
        statement: "Changing one option changes only the header of that option.",
        check: one_option::check,
    },
];

/// Runs a case and returns its visits. Returns `None` if no server can be built for it.
fn visits<'a>(middleware: &dyn Middleware, case: &'a Case) -> Option<Vec<VisitRun<'a>>> {
    drive(middleware, case).ok().map(|run| run.visits)
}

/// A response as a client reads it, without its body and without the order of its headers.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    /// The headers, with names in lower case, sorted.
    headers: Vec<(String, String)>,
}

impl Answer {
    fn of(observed: &Observation) -> Option<Self> {
        Self::without(observed, &[])
    }

    /// Returns the response without the headers of the given names. Returns `None` if the server failed.
    fn without(observed: &Observation, names: &[&str]) -> Option<Self> {
        let response = observed.result.as_ref().ok()?;
        let others = response.headers.iter().filter(|(own, _)| !names.iter().any(|name| **own == **name));
        let mut headers: Vec<_> = others
            .map(|(name, value)| {
                let name = name.as_str().to_ascii_lowercase();
                let value = normalized(&name, value.isomorphic_decode());
                (name, value)
            })
            .collect();
        headers.sort();
        Some(Self { status: response.status, headers })
    }

    /// Describes the difference between two responses. Returns `None` if they are equal.
    fn difference(one: Option<&Self>, other: Option<&Self>) -> Option<String> {
        if one == other {
            return None;
        }
        let (Some(one), Some(other)) = (one, other) else {
            let told =
                |answer: Option<&Self>| answer.map_or("a failure".to_owned(), |answer| answer.status.to_string());
            return Some(format!("{} against {}", told(one), told(other)));
        };
        let lacks = |answer: &Self, header| !answer.headers.contains(header);
        let mut told = Vec::new();
        if one.status != other.status {
            told.push(format!("status {} against {}", one.status, other.status));
        }
        for (sign, of, against) in [("-", one, other), ("+", other, one)] {
            let lacking = of.headers.iter().filter(|header| lacks(against, header));
            told.extend(lacking.map(|(name, value)| format!("{sign}{name}: {value}")));
        }
        if told.is_empty() {
            told.push("a header is repeated".to_owned());
        }
        Some(told.join("; "))
    }
}

/// Normalizes a value as a browser or a cache reads it. The order of the members of a list has no meaning, and neither does
/// the case of header names. A middleware that keeps a list in a hash set sends it in a different order after each start.
fn normalized(name: &str, value: String) -> String {
    let value = match name {
        "access-control-allow-headers" | "access-control-expose-headers" | "vary" => value.to_ascii_lowercase(),
        "access-control-allow-methods" => value,
        _ => return value,
    };
    let mut members: Vec<&str> = value.split(',').map(str::trim).filter(|member| !member.is_empty()).collect();
    members.sort_unstable();
    members.join(", ")
}

/// Describes a request.
fn description(request: &WireRequest) -> String {
    let origin = request.headers.get("Origin").map(|origin| String::from_utf8_lossy(&origin.to_vec()).into_owned());
    format!("{} {} from {}", request.method, request.url, origin.as_deref().unwrap_or("no origin"))
}
