//! Reports: one result, written for a reader.

pub mod badge;
pub mod campaign;
pub mod changes;
pub mod compare;
pub mod finding;
pub mod html;
pub mod json;
pub mod junit;
pub mod kinds;
pub mod markdown;
mod markup;
pub mod merge;
pub mod sarif;
pub mod terminal;

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
