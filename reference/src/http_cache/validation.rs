//! [Validation](https://www.rfc-editor.org/rfc/rfc9111#section-4.3) of stored responses.

use crate::{header::HeaderValue, header_list::HeaderList, headers::Joined, request::WireRequest, response::Response};

/// Returns true if the stored response has a validator.
pub(super) fn has_validator(stored: &Response) -> bool {
    stored.headers.contains("ETag") || stored.headers.contains("Last-Modified")
}

/// Builds the [request that validates](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.1) a stored response.
pub(super) fn validating(request: &WireRequest, stored: &Response) -> WireRequest {
    let mut validating = request.clone();
    for (name, condition) in [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")] {
        if let (Some(value), Ok(condition)) = (value(&stored.headers, name), condition.parse()) {
            validating.headers.append(condition, HeaderValue::from_wire(&value));
        }
    }
    validating
}

/// Returns true if a 304 [selects](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4) this stored response. The
/// `ETag` of the 304 decides, or else its `Last-Modified`. A 304 without either selects every response that has a
/// validator.
pub(super) fn selects(not_modified: &Response, stored: &Response) -> bool {
    let (new, own) = (&not_modified.headers, &stored.headers);
    if let Some(tag) = value(new, "ETag") {
        let own = value(own, "ETag");
        return if is_strong(&tag) { own == Some(tag) } else { own.is_some_and(|own| opaque(&own) == opaque(&tag)) };
    }
    match value(new, "Last-Modified") {
        Some(modified) => value(own, "Last-Modified") == Some(modified),
        None => has_validator(stored),
    }
}

/// Returns true if a 304 has a [strong validator](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1). Such a 304
/// selects every stored response with the same validator.
pub(super) fn has_strong_validator(not_modified: &Response) -> bool {
    value(&not_modified.headers, "ETag").is_some_and(|tag| is_strong(&tag))
}

fn is_strong(tag: &[u8]) -> bool {
    !tag.starts_with(b"W/")
}

/// Returns the part of an entity tag that a weak comparison compares
/// ([RFC 9110, 8.8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2)).
fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

fn value(headers: &HeaderList, name: &str) -> Option<Vec<u8>> {
    headers.get(name).map(Joined::to_vec)
}
