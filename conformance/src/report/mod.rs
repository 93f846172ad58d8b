//! Reports: one result, written for a reader.

pub mod badge;
pub mod campaign;
pub mod changes;
pub mod compare;
pub mod finding;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
pub mod sarif;
pub mod terminal;

use std::collections::BTreeMap;

use cors_reference::policy::Policy;

use crate::{
    divergence::{Divergence, Message},
    suite::AdapterReport,
};

/// The divergences of a row by fingerprint, the worst and the new ones first; of each the shortest story first.
struct Kinds<'r>(Vec<Vec<&'r Divergence>>);

impl<'r> Kinds<'r> {
    fn of(row: &'r AdapterReport) -> Self {
        let mut kinds: BTreeMap<&str, Vec<&Divergence>> = BTreeMap::new();
        for divergence in &row.divergences {
            kinds.entry(&divergence.fingerprint).or_default().push(divergence);
        }
        let mut kinds: Vec<_> = kinds.into_values().collect();
        for of_kind in &mut kinds {
            of_kind.sort_by_key(|divergence| divergence.evidence.exchanges.len());
        }
        kinds.sort_by_key(|of_kind| (std::cmp::Reverse(of_kind[0].severity), of_kind[0].known));
        Self(kinds)
    }
}

/// Requests and answers, as the terminal shows them.
fn exchanges_as_text(exchanges: &[Message]) -> String {
    let mut text = Vec::new();
    for message in exchanges {
        // Writing to memory does not fail.
        terminal::write_message(message, &mut text).unwrap_or_default();
    }
    String::from_utf8_lossy(&text).into_owned()
}

/// A policy as JSON on one line, without the fields that say nothing.
pub fn said_in_short(policy: &Policy) -> String {
    let value = |policy: &Policy| serde_json::to_value(policy).unwrap_or_default();
    let (mut said, default) = (value(policy), value(&Policy::default()));
    if let Some(fields) = said.as_object_mut() {
        fields.retain(|name, value| default.get(name) != Some(value));
    }
    said.to_string()
}
