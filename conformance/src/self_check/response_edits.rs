//! Changes to responses that mutants and freedoms make.

use cors_reference::{request::WireRequest, response::Response};

/// Sets a header of a response.
pub(in crate::self_check) fn set(response: &mut Response, name: &str, value: &str) {
    if let Ok(name) = name.parse() {
        response.headers.set(name, value.into());
    }
}

/// Returns the text of a request header, or an empty string if it is absent.
pub(in crate::self_check) fn text(request: &WireRequest, name: &str) -> String {
    request.headers.get(name).map(|value| String::from_utf8_lossy(&value.to_vec()).into_owned()).unwrap_or_default()
}

/// Rewrites a header of a response, if it is present.
pub(in crate::self_check) fn rewrite(response: &mut Response, name: &str, change: impl FnOnce(&str) -> String) {
    if let Some(value) = response.headers.get(name) {
        let value = change(&String::from_utf8_lossy(&value.to_vec()));
        set(response, name, &value);
    }
}

/// Removes a member from the `Vary` header of a response.
pub(in crate::self_check) fn drop_from_vary(response: &mut Response, member: &str) {
    let lines: Vec<String> = response.headers.named("Vary").map(|(_, value)| value.isomorphic_decode()).collect();
    response.headers.delete("Vary");
    for line in lines {
        let kept: Vec<&str> = line.split(',').map(str::trim).filter(|own| !own.eq_ignore_ascii_case(member)).collect();
        if !kept.is_empty() {
            response.headers = std::mem::take(&mut response.headers).with("Vary", &kept.join(", "));
        }
    }
}
