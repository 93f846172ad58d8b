//! Values as JSON on one line.

use serde::Serialize;

/// Returns a value as JSON on one line, without the fields that have their default.
pub fn compact_json<T: Serialize + Default>(value: &T) -> String {
    let json = |value: &T| serde_json::to_value(value).unwrap_or_default();
    let (mut compact, default) = (json(value), json(&T::default()));
    if let Some(fields) = compact.as_object_mut() {
        fields.retain(|name, value| default.get(name) != Some(value));
    }
    compact.to_string()
}
