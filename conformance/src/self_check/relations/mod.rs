//! Relations: what holds between two answers of one middleware, whatever its policy means. They ask neither the model server
//! nor what the policy intends, so that a mistake there hides nothing from them.

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

/// Something that holds between two runs of one middleware, or between two answers of one run.
#[derive(Debug)]
pub struct Relation {
    /// The name, in kebab case.
    pub id: &'static str,
    /// What holds, in one sentence.
    pub says: &'static str,
    /// What was compared and how it differs, where it does not hold; nothing also where the case says nothing about it.
    pub check: fn(&dyn Middleware, &Case) -> Option<String>,
}

/// Every relation.
pub const RELATIONS: &[Relation] = &[
    Relation {
        id: "added-origin-only-grants",
        says: "One more origin on the list takes nothing from anyone.",
        check: added_origin::check,
    },
    Relation {
        id: "requests-in-between-change-nothing",
        says: "What others ask in between changes no answer.",
        check: between::check,
    },
    Relation {
        id: "preflight-and-actual-decide-alike",
        says: "Whom the answer to a preflight allows, the answer to the actual request allows.",
        check: alike::check,
    },
    Relation {
        id: "equal-requests-get-equal-answers",
        says: "A request is answered alike twice, and alike by two servers of one configuration.",
        check: equal_requests::check,
    },
    Relation {
        id: "one-option-changes-no-other",
        says: "A change of one option shows in its own header alone.",
        check: one_option::check,
    },
];

/// The visits of a case as they ran; nothing where there is no server for it.
fn visits<'a>(middleware: &dyn Middleware, case: &'a Case) -> Option<Vec<VisitRun<'a>>> {
    drive(middleware, case).ok().map(|run| run.visits)
}

/// What a client reads of an answer, but for its body and the order of its headers.
#[derive(Debug, PartialEq, Eq)]
struct Answer {
    status: u16,
    /// Names in lower case.
    headers: Vec<(String, String)>,
}

impl Answer {
    fn of(observed: &Observation) -> Option<Self> {
        Self::without(observed, &[])
    }

    /// The same but for the headers of those names.
    fn without(observed: &Observation, names: &[&str]) -> Option<Self> {
        let response = observed.result.as_ref().ok()?;
        let others = response.headers.iter().filter(|(own, _)| !names.iter().any(|name| **own == **name));
        let mut headers: Vec<_> = others
            .map(|(name, value)| {
                let name = name.as_str().to_ascii_lowercase();
                let value = read(&name, value.isomorphic_decode());
                (name, value)
            })
            .collect();
        headers.sort();
        Some(Self { status: response.status, headers })
    }

    /// How two answers differ; nothing where they do not.
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
            told.push("the same header more than once".to_owned());
        }
        Some(told.join("; "))
    }
}

/// A value as a browser or a cache reads it: the order of a list's members says nothing, nor does the case of a name. A
/// middleware that keeps a list in a hash set writes it in another order at every start.
fn read(name: &str, value: String) -> String {
    let value = match name {
        "access-control-allow-headers" | "access-control-expose-headers" | "vary" => value.to_ascii_lowercase(),
        "access-control-allow-methods" => value,
        _ => return value,
    };
    let mut members: Vec<&str> = value.split(',').map(str::trim).filter(|member| !member.is_empty()).collect();
    members.sort_unstable();
    members.join(", ")
}

/// A request in a sentence.
fn told(request: &WireRequest) -> String {
    let origin = request.headers.get("Origin").map(|origin| String::from_utf8_lossy(&origin.to_vec()).into_owned());
    format!("{} {} of {}", request.method, request.url, origin.as_deref().unwrap_or("no origin"))
}
