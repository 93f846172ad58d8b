//! The lists of the standard: what needs no preflight, what a page may never set, and what it may
//! always read.

use std::str::FromStr;

use data_url::mime::Mime;

use crate::{
    header::{HeaderName, isomorphic_decode, trim_tab_or_space},
    header_list::HeaderList,
};

/// Whether a method is a [CORS-safelisted method](https://fetch.spec.whatwg.org/#cors-safelisted-method).
pub fn is_cors_safelisted_method(method: &str) -> bool {
    matches!(method, "GET" | "HEAD" | "POST")
}

/// Whether a method is a [forbidden method](https://fetch.spec.whatwg.org/#forbidden-method).
pub fn is_forbidden_method(method: &str) -> bool {
    ["CONNECT", "TRACE", "TRACK"].iter().any(|forbidden| method.eq_ignore_ascii_case(forbidden))
}

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-method-normalize) a method: six of them are
/// upper-cased, and no other (`patch` stays `patch`).
pub fn normalize_method(method: &str) -> &str {
    ["DELETE", "GET", "HEAD", "OPTIONS", "POST", "PUT"]
        .into_iter()
        .find(|known| method.eq_ignore_ascii_case(known))
        .unwrap_or(method)
}

/// Whether a byte is a
/// [CORS-unsafe request-header byte](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-byte).
fn is_cors_unsafe_request_header_byte(byte: u8) -> bool {
    (byte < 0x20 && byte != b'\t') || b"\"():<>?@[\\]{}\x7F".contains(&byte)
}

/// Whether a byte may stand in a safelisted `Accept-Language` or `Content-Language`.
fn is_language_byte(byte: u8) -> bool {
    byte.is_ascii_alphanumeric() || b" *,-.;=".contains(&byte)
}

/// Whether a header is a
/// [CORS-safelisted request-header](https://fetch.spec.whatwg.org/#cors-safelisted-request-header).
pub fn is_cors_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    // 1. If value's length is greater than 128, then return false.
    if value.len() > 128 {
        return false;
    }
    // 2. Byte-lowercase name and switch on the result.
    let is_safe = || !value.iter().copied().any(is_cors_unsafe_request_header_byte);
    match name.to_ascii_lowercase().as_str() {
        "accept" => is_safe(),
        "accept-language" | "content-language" => value.iter().copied().all(is_language_byte),
        "content-type" => is_safe() && has_safelisted_essence(value),
        // A range without a start, such as `bytes=-500`, is not safelisted.
        "range" => matches!(parse_single_range_header_value(value), Some(Some(_))),
        _ => false,
    }
    // 3. Return true.
}

fn has_safelisted_essence(value: &[u8]) -> bool {
    let Ok(mime) = Mime::from_str(&isomorphic_decode(value)) else {
        return false;
    };
    matches!(
        (mime.type_.as_str(), mime.subtype.as_str()),
        ("application", "x-www-form-urlencoded") | ("multipart", "form-data") | ("text", "plain")
    )
}

/// [Parses a single range header value](https://fetch.spec.whatwg.org/#simple-range-header-value)
/// without white space, and returns its start. The numbers are unbounded, so they stay digits.
fn parse_single_range_header_value(value: &[u8]) -> Option<Option<&[u8]>> {
    // 2–7. `bytes`, `=`.
    let range = value.strip_prefix(b"bytes=")?;
    // 8–15. Digits, `-`, digits. 16. Nothing may follow.
    let dash = range.iter().position(|b| *b == b'-')?;
    let (start, end) = (&range[..dash], &range[dash + 1..]);
    if !start.iter().chain(end).all(u8::is_ascii_digit) {
        return None;
    }
    // 17. If both are null, then return failure. 18. If start is greater than end, return failure.
    match (start.is_empty(), end.is_empty()) {
        (true, true) => None,
        (false, false) if is_greater(start, end) => None,
        // 19. Return (rangeStartValue, rangeEndValue).
        (is_null, _) => Some((!is_null).then_some(start)),
    }
}

/// Compares two decimal numbers of any length.
fn is_greater(a: &[u8], b: &[u8]) -> bool {
    let significant = |digits: &[u8]| digits.iter().position(|d| *d != b'0').unwrap_or(digits.len());
    let (a, b) = (&a[significant(a)..], &b[significant(b)..]);
    (a.len(), a) > (b.len(), b)
}

/// The [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)
/// of a header list: lower-case, sorted, each once.
pub fn cors_unsafe_request_header_names(headers: &HeaderList) -> Vec<String> {
    // 1.–3.
    let (mut unsafe_names, mut potentially_unsafe_names, mut safelist_value_size) = (Vec::new(), Vec::new(), 0);
    // 4. For each header of headers:
    for (name, value) in headers.iter() {
        let name_and_value = name.as_str().to_ascii_lowercase();
        if is_cors_safelisted_request_header(&name_and_value, value.as_bytes()) {
            potentially_unsafe_names.push(name_and_value);
            safelist_value_size += value.as_bytes().len();
        } else {
            unsafe_names.push(name_and_value);
        }
    }
    // 5. If safelistValueSize is greater than 1024, then every name is unsafe.
    if safelist_value_size > 1024 {
        unsafe_names.append(&mut potentially_unsafe_names);
    }
    // 6. Convert header names to a sorted-lowercase set.
    unsafe_names.sort_unstable();
    unsafe_names.dedup();
    unsafe_names
}

/// Whether a name is a
/// [CORS non-wildcard request-header name](https://fetch.spec.whatwg.org/#cors-non-wildcard-request-header-name).
pub fn is_cors_non_wildcard_request_header_name(name: &str) -> bool {
    name.eq_ignore_ascii_case("Authorization")
}

/// Whether a header is a
/// [no-CORS-safelisted request-header](https://fetch.spec.whatwg.org/#no-cors-safelisted-request-header).
pub fn is_no_cors_safelisted_request_header(name: &str, value: &[u8]) -> bool {
    // 1. If name is not a no-CORS-safelisted request-header name, then return false.
    let names = ["accept", "accept-language", "content-language", "content-type"];
    names.iter().any(|safe| name.eq_ignore_ascii_case(safe))
        // 2. Return whether (name, value) is a CORS-safelisted request-header.
        && is_cors_safelisted_request_header(name, value)
}

/// Whether a header is a
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
        // 3. If name is one of these, then look for a forbidden method in its value.
        "x-http-method" | "x-http-method-override" | "x-method-override" => {
            get_decode_and_split(value).iter().any(|method| is_forbidden_method(method))
        }
        // 4. Return false.
        _ => false,
    }
}

/// [Gets, decodes, and splits](https://fetch.spec.whatwg.org/#header-value-get-decode-and-split) a
/// value at its commas, but for those in a quoted string.
fn get_decode_and_split(value: &[u8]) -> Vec<String> {
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

/// Whether a name is a
/// [forbidden response-header name](https://fetch.spec.whatwg.org/#forbidden-response-header-name).
pub fn is_forbidden_response_header_name(name: &HeaderName) -> bool {
    *name == *"Set-Cookie" || *name == *"Set-Cookie2"
}

/// Whether a name is a
/// [CORS-safelisted response-header name](https://fetch.spec.whatwg.org/#cors-safelisted-response-header-name),
/// given what a response exposes.
pub fn is_cors_safelisted_response_header_name(name: &HeaderName, exposed: &[&str]) -> bool {
    let always =
        ["Cache-Control", "Content-Language", "Content-Length", "Content-Type", "Expires", "Last-Modified", "Pragma"];
    always.iter().any(|safe| *name == **safe)
        || (!is_forbidden_response_header_name(name) && exposed.iter().any(|item| *name == **item))
}

/// Whether a name is a
/// [request-body-header name](https://fetch.spec.whatwg.org/#request-body-header-name).
pub fn request_body_header_names() -> [&'static str; 4] {
    ["Content-Encoding", "Content-Language", "Content-Location", "Content-Type"]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn is_safe(name: &str, value: &str) -> bool {
        is_cors_safelisted_request_header(name, value.as_bytes())
    }

    #[test]
    fn six_methods_are_normalized_and_no_other() {
        assert_eq!(normalize_method("delete"), "DELETE");
        assert_eq!(normalize_method("pOsT"), "POST");
        assert_eq!(normalize_method("patch"), "patch");
        assert_eq!(normalize_method("Egg"), "Egg");
    }

    #[test]
    fn a_value_is_safe_up_to_128_bytes() {
        assert!(is_safe("Accept", &"a".repeat(128)));
        assert!(!is_safe("Accept", &"a".repeat(129)));
    }

    #[test]
    fn accept_forbids_some_bytes_and_allows_the_rest() {
        assert!(is_safe("ACCEPT", "text/html;q=0.5,\t*/* ~é"));
        for byte in "\"():<>?@[\\]{}\u{7f}\u{1}\u{b}".chars() {
            assert!(!is_safe("Accept", &format!("a{byte}b")), "{byte:?}");
        }
    }

    #[test]
    fn languages_allow_some_bytes_and_forbid_the_rest() {
        for name in ["Accept-Language", "Content-Language"] {
            assert!(is_safe(name, "en-GB, *;q=0.5 a.b"));
            for byte in "_\t/é'!".chars() {
                assert!(!is_safe(name, &format!("a{byte}b")), "{name} {byte:?}");
            }
        }
    }

    #[test]
    fn a_content_type_is_judged_by_its_essence() {
        for safe in ["text/plain", "TEXT/Plain ; charset=utf-8", "multipart/form-data", "text/plain;a=", "text/plain;"]
        {
            assert!(is_safe("Content-Type", safe), "{safe}");
        }
        for unsafe_ in
            ["application/json", "text/", "text", "", "text/plain, text/plain", "text/plain;a=\"b\"", "text /plain"]
        {
            assert!(!is_safe("Content-Type", unsafe_), "{unsafe_}");
        }
    }

    #[test]
    fn a_range_needs_a_start_not_after_its_end() {
        for safe in ["bytes=0-", "bytes=0-5", "bytes=5-5", "bytes=09-10", "bytes=99999999999999999999-"] {
            assert!(is_safe("Range", safe), "{safe}");
        }
        for unsafe_ in [
            "bytes=-500",
            "bytes=-",
            "bytes=5-4",
            "bytes=10-9",
            "bytes= 0-5",
            "bytes =0-",
            "bytes=0-5,6-7",
            "bytes=0",
            "Bytes=0-5",
            "items=0-5",
            "bytes=a-",
            "bytes=0--1",
            "",
        ] {
            assert!(!is_safe("Range", unsafe_), "{unsafe_}");
        }
    }

    #[test]
    fn over_1024_bytes_in_all_every_safelisted_name_becomes_unsafe() {
        let of = |last: usize| {
            let mut headers: HeaderList =
                (0..7).map(|_| ("Accept".parse().unwrap(), "a".repeat(128).as_str().into())).collect();
            headers.append("content-language".parse().unwrap(), "a".repeat(last).as_str().into());
            headers
        };
        assert!(cors_unsafe_request_header_names(&of(128)).is_empty());
        let mut headers = of(128);
        headers.append("Range".parse().unwrap(), "bytes=0-".into());
        assert_eq!(cors_unsafe_request_header_names(&headers), ["accept", "content-language", "range"]);
    }

    #[test]
    fn unsafe_names_are_lower_case_sorted_and_unique() {
        let headers: HeaderList = [("X-B", "1"), ("x-a", "1"), ("Accept", "x"), ("X-b", "2"), ("Content-Type", "a/b")]
            .map(|(name, value)| (name.parse().unwrap(), value.into()))
            .into_iter()
            .collect();
        assert_eq!(cors_unsafe_request_header_names(&headers), ["content-type", "x-a", "x-b"]);
    }

    #[test]
    fn a_method_override_is_forbidden_by_its_value() {
        let forbidden = |value: &str| is_forbidden_request_header("X-HTTP-Method-Override", value.as_bytes());
        assert!(forbidden("trace"));
        assert!(forbidden("GET, CONNECT"));
        assert!(!forbidden("GET, PUT"));
        // A comma in a quoted string separates nothing; a backslash escapes only there.
        for quoted in [r#""a,TRACE,b""#, r#""\",TRACE,""#, r#"\",TRACE,""#] {
            assert!(!forbidden(quoted), "{quoted}");
        }
        assert!(forbidden(r#""\"",TRACE"#));
    }

    #[test]
    fn names_that_start_with_sec_or_proxy_are_forbidden() {
        assert!(is_forbidden_request_header("SEC-Fetch-Site", b"1"));
        assert!(is_forbidden_request_header("proxy-", b""));
        assert!(!is_forbidden_request_header("second", b""));
        assert!(!is_forbidden_request_header("Access-Control-Request-Private-Network", b"1"));
    }

    #[test]
    fn set_cookie_is_never_exposed() {
        let name: HeaderName = "set-cookie".parse().unwrap();
        assert!(!is_cors_safelisted_response_header_name(&name, &["Set-Cookie"]));
    }
}
