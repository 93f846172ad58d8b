//! Relations between two responses of one middleware, which hold for every policy.
//!
//! Relations use neither the model server nor the intent of a policy. A mistake in those therefore hides nothing from them.

use cors_adapters::Middleware;

use crate::case::Case;

mod added_origin;
mod alike;
mod answer;
mod between;
mod equal_requests;
mod one_option;
mod runs;

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
