//! [Validation](https://www.rfc-editor.org/rfc/rfc9111#section-4.3): asking whether a stored response still holds.

use crate::{header::HeaderValue, header_list::HeaderList, headers::Joined, request::WireRequest, response::Response};

/// Whether there is something to ask with.
pub(super) fn has_validator(stored: &Response) -> bool {
    stored.headers.contains("ETag") || stored.headers.contains("Last-Modified")
}

/// The request that [asks](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.1) whether a stored response still holds.
pub(super) fn validating(request: &WireRequest, stored: &Response) -> WireRequest {
    let mut asking = request.clone();
    for (name, condition) in [("ETag", "If-None-Match"), ("Last-Modified", "If-Modified-Since")] {
        if let (Some(value), Ok(condition)) = (value(&stored.headers, name), condition.parse()) {
            asking.headers.append(condition, HeaderValue::from_wire(&value));
        }
    }
    asking
}

/// Whether a 304 [may be about](https://www.rfc-editor.org/rfc/rfc9111#section-4.3.4) this stored response: by its
/// `ETag`, or else its `Last-Modified`, or else because there was something to ask with.
pub(super) fn is_about(not_modified: &Response, stored: &Response) -> bool {
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

/// Whether a 304 has a [strong validator](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.1), and so is about every
/// stored response that has the same.
pub(super) fn has_strong_validator(not_modified: &Response) -> bool {
    value(&not_modified.headers, "ETag").is_some_and(|tag| is_strong(&tag))
}

fn is_strong(tag: &[u8]) -> bool {
    !tag.starts_with(b"W/")
}

/// What a weak comparison compares ([RFC 9110, 8.8.3.2](https://www.rfc-editor.org/rfc/rfc9110#section-8.8.3.2)).
fn opaque(tag: &[u8]) -> &[u8] {
    tag.strip_prefix(b"W/").unwrap_or(tag)
}

fn value(headers: &HeaderList, name: &str) -> Option<Vec<u8>> {
    headers.get(name).map(Joined::to_vec)
}
