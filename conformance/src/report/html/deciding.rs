//! The line of an exchange that decided.

use serde::Serialize;

use crate::{
    divergence::{Divergence, Message, MessageKind},
    rules::rule,
};

/// The line that decided.
#[derive(Debug, PartialEq, Eq, Serialize)]
pub(super) struct Deciding {
    /// The exchange, from 0.
    pub(super) exchange: usize,
    /// The response header in lower case, or `status`; whether it is there or missing.
    pub(super) line: &'static str,
}

const ALLOW_ORIGIN: &str = "access-control-allow-origin";
const ALLOW_METHODS: &str = "access-control-allow-methods";
const ALLOW_HEADERS: &str = "access-control-allow-headers";

/// What a text may name.
const LINES: [&str; 9] = [
    ALLOW_ORIGIN,
    "access-control-allow-credentials",
    ALLOW_METHODS,
    ALLOW_HEADERS,
    "access-control-expose-headers",
    "access-control-max-age",
    "access-control-allow-private-network",
    "vary",
    "status",
];

/// The line that decided: by the step of the standard that ended the fetch, else by what the message or its rule names.
pub(super) fn deciding(divergence: &Divergence) -> Option<Deciding> {
    let evidence = &divergence.evidence;
    let of_visit = || evidence.exchanges.iter().enumerate().filter(|(_, message)| message.visit == evidence.visit);
    let last = |is_it: fn(&Message) -> bool| of_visit().rfind(|(_, message)| is_it(message));
    let by_step = evidence.reason.as_deref().and_then(|reason| match reason {
        "cors-check/2" | "cors-check/3" | "cors-check/4" | "cors-check/5" => Some((ALLOW_ORIGIN, last(|_| true)?)),
        "cors-check/7" | "cors-check/8" => Some(("access-control-allow-credentials", last(|_| true)?)),
        _ => {
            let (section, step) = reason.split_once('/')?;
            let preflight = last(|message| message.kind == MessageKind::Preflight)?;
            let line = match step {
                _ if section != "cors-preflight-fetch" => return None,
                "7.3" | "7.6" | "7.7" => ALLOW_HEADERS,
                "7.5" => ALLOW_METHODS,
                _ if preflight.1.status.is_some_and(|status| matches!(status, 200..=299)) => ALLOW_ORIGIN,
                _ => "status",
            };
            Some((line, preflight))
        }
    });
    let of_rule = rule(&divergence.rule);
    let texts = [Some(evidence.message.as_str()), of_rule.map(|rule| rule.says), of_rule.map(|rule| rule.mend)];
    let by_text = || {
        let line = texts.into_iter().flatten().find_map(named_in)?;
        Some((line, evidence.exchanges.iter().enumerate().next_back()?))
    };
    let told = evidence.exchanges.iter().any(|message| message.kind == MessageKind::Cached);
    // Out of a cache it is the stored answer's line that counts, not the visit's own.
    let (line, (exchange, _)) = if told { by_text() } else { by_step.or_else(by_text) }?;
    Some(Deciding { exchange, line })
}

/// The line that a text names first.
fn named_in(text: &str) -> Option<&'static str> {
    let text = text.to_ascii_lowercase();
    let places = LINES.into_iter().filter_map(|line| Some((text.find(line)?, line)));
    places.min().map(|(_, line)| line)
}
