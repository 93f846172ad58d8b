//! Reports: one result, written for a reader.

pub mod badge;
pub mod by_fingerprint;
pub mod campaign;
pub mod changes;
pub mod comparison;
pub mod finding_page;
pub mod html;
pub mod json;
pub mod junit;
pub mod markdown;
mod markup;
pub mod merge;
mod replay;
pub mod reproduction;
pub mod sarif;
mod shell;
pub mod terminal;
pub mod transcript;

use cors_policy::Policy;

/// A policy as JSON on one line, without the fields that say nothing.
pub fn said_in_short(policy: &Policy) -> String {
    let value = |policy: &Policy| serde_json::to_value(policy).unwrap_or_default();
    let (mut said, default) = (value(policy), value(&Policy::default()));
    if let Some(fields) = said.as_object_mut() {
        fields.retain(|name, value| default.get(name) != Some(value));
    }
    said.to_string()
}
