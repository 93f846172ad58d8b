//! The methods and headers that need no preflight, that a page may never set, and that it may always read.

use std::str::FromStr;

use data_url::mime::Mime;

use crate::{
    header::{HeaderName, isomorphic_decode, trim_tab_or_space},
    header_list::HeaderList,
    range::parse_single_range_header_value,
};

/// Returns true if a method is a [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method).
pub fn is_cors_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// Returns true if a method is a [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method).
pub fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|forbidden| method.eq_ignore_ascii_case(forbidden))
}

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) a method: upper-cases six methods, and no other
/// (`patch` stays `patch`).
pub fn normalize_method(method: &str) -> &str {
    ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]
        .into_iter()
        .find(|known| method.eq_ignore_ascii_case(known))
        .unwrap_or(method)
}

/// Returns true if a byte is a
/// [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
fn is_cors_unsafe_request_header_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || b"\"():<>?@[\\]{}\x7F".contains(&byte)
}

/// Returns true if a byte may be part of a safelisted `Accept-Language` or `Content-Language`.
fn is_language_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte)
}

/// Returns true if a header is a
/// [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
pub fn is_cors_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    // 1. If value's length is greater than 128, then return false.
    if value.len() > 128 {
        return false;
    }
    // 2. Byte-lowercase name and switch on the result:
    match name.to_ascii_lowercase().as_str() {
        "accept" => !contains_cors_unsafe_request_header_byte(value),
        "accept-language" | "content-language" => value.iter().copied().all(is_language_byte),
        // 2.1–2.4. The value has no CORS-unsafe request-header byte and parses as one of three MIME types.
        "content-type" => !contains_cors_unsafe_request_header_byte(value) && has_safelisted_essence(value),
        // 2.1–2.3. The value parses as a single range that has a start.
        "range" => parse_single_range_header_value(value, false).is_some_and(|range| range.start.is_some()),
        _ => false,
    }
    // 3. Return true.
}

fn contains_cors_unsafe_request_header_byte(value: &[u8]) -> bool {
    value.iter().copied().any(is_cors_unsafe_request_header_byte)
}

/// Returns true if the value is a MIME type with the essence of a form or of plain text.
fn has_safelisted_essence(value: &[u8]) -> bool {
    let Ok(mime) = Mime::from_str(&isomorphic_decode(value)) else {
        return false;
    };
    matches!(
        (mime.type_.as_str(), mime.subtype.as_str()),
        ("application", "x-www-form-urlencoded") | ("multipart", "form-data") | ("text", "plain")
    )
}

/// Returns the [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) of a
/// header list: lower-case, sorted, each once.
pub fn cors_unsafe_request_header_names(headers: &HeaderList) -> Vec<String> {
    // 1. Let unsafeNames be a new list.
    let mut unsafe_names = Vec::new();
    // 2. Let potentiallyUnsafeNames be a new list.
    let mut potentially_unsafe_names = Vec::new();
    // 3. Let safelistValueSize be 0.
    let mut safelist_value_size = 0;
    // 4. For each header of headers:
    for (name, value) in headers.iter() {
        let name = name.as_str().to_ascii_lowercase();
        // 4.1. If header is not a CORS-safelisted request-header, then append its name to unsafeNames.
        if !is_cors_safelisted_request_header(&name, value.as_bytes()) {
            unsafe_names.push(name);
        } else {
            // 4.2. Otherwise, append its name to potentiallyUnsafeNames and add its value's length to the size.
            potentially_unsafe_names.push(name);
            safelist_value_size += value.as_bytes().len();
        }
    }
    // 5. If safelistValueSize is greater than 1024, then every potentially unsafe name is unsafe.
    if safelist_value_size > 1024 {
        unsafe_names.append(&mut potentially_unsafe_names);
    }
    // 6. Return unsafeNames as a sorted-lowercase set.
    unsafe_names.sort_unstable();
    unsafe_names.dedup();
    unsafe_names
}

/// Returns true if a name is a
/// [CORS non-wildcard request-header name](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
pub fn is_cors_non_wildcard_request_header_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("Authorization")
}

/// Returns true if a header is a
/// [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header).
pub fn is_no_cors_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    // 1. If name is not a no-CORS-safelisted request-header name, then return false.
    if !is_no_cors_safelisted_request_header_name(name) {
        return false;
    }
    // 2. Return whether (name, value) is a CORS-safelisted request-header.
    is_cors_safelisted_request_header(name, value)
}

/// Returns true if a name is a [no-CORS-safelisted request-header
/// name](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header-name).
pub(crate) fn is_no_cors_safelisted_request_header_name(name: &str) -> bool {
    let names = ["accept", "accept-language", "content-language", "content-type"];
    names.iter().any(|safe| name.eq_ignore_ascii_case(safe))
}

/// Returns true if a header is a
/// [forbidden request-header](https://fetch.spec.whatwg.org/#forbidden-request-header).
pub fn is_forbidden_request_header(name: &str, value: &[u8]) -> bool {
    let name = name.to_ascii_lowercase();
    match name.as_str() {
        // 1. If name is one of:
        "accept-charset"
        | "accept-encoding"
        | "access-control-request-headers"
        | "access-control-request-method"
        | "connection"
        | "content-length"
        | "cookie"
        | "cookie2"
        | "date"
        | "dnt"
        | "expect"
        | "host"
        | "keep-alive"
        | "origin"
        | "referer"
        | "set-cookie"
        | "te"
        | "trailer"
        | "transfer-encoding"
        | "upgrade"
        | "via" => true,
        // 2. If name starts with `proxy-` or `sec-`, then return true.
        _ if name.starts_with("proxy-") || name.starts_with("sec-") => true,
        // 3. If name is one of three names, then:
        // 3.1–3.2. Get, decode, and split its value; if one of the values is a forbidden method, then return true.
        _ if is_method_override(&name) => get_decode_and_split(value).iter().any(|method| is_forbidden_method(method)),
        // 4. Return false.
        _ => false,
    }
}

/// Returns true if the header asks a server to treat the request as one with another method.
pub(crate) fn is_method_override(name: &str) -> bool {
    ["x-http-method", "x-http-method-override", "x-method-override"].iter().any(|own| name.eq_ignore_ascii_case(own))
}

/// [Gets, decodes, and splits](https://fetch.spec.whatwg.org/#header-value-get-decode-and-split) a value at its commas,
/// except those in a quoted string.
pub(crate) fn get_decode_and_split(value: &[u8]) -> Vec<String> {
    let (mut quoted, mut escaped) = (false, false);
    let is_separator = |byte: &u8| {
        match byte {
            _ if escaped => escaped = false,
            b'\\' if quoted => escaped = true,
            b'"' => quoted = !quoted,
            b',' if !quoted => return true,
            _ => {}
        }
        false
    };
    value.split(is_separator).map(|part| isomorphic_decode(trim_tab_or_space(part))).collect()
}

/// Returns true if a name is a
/// [forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name).
pub fn is_forbidden_response_header_name(name: &HeaderName) -> bool {
    *name == *"Set-Cookie" || *name == *"Set-Cookie2"
}

/// Returns true if a name is a
/// [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name),
/// given the names that the response exposes.
pub fn is_cors_safelisted_response_header_name(name: &HeaderName, exposed: &[&str]) -> bool {
    let always =
        ["Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma"];
    always.iter().any(|safe| *name == **safe)
        || (!is_forbidden_response_header_name(name) && exposed.iter().any(|item| *name == **item))
}

/// Returns the
/// [request-body-header names](https://fetch.spec.whatwg.org/#request-body-header-name).
pub fn request_body_header_names() -> [&'static str; 4] {
    ["Content-Encoding", "Content-Language", "Content-Location", "Content-Type"]
}
