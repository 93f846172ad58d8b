//! [Filtered responses](https://fetch.spec.whatwg.org/#concept-filtered-response): the headers that a page may read.

use crate::{
    extract::extract_tokens,
    header::HeaderName,
    header_list::HeaderList,
    request::CredentialsMode,
    response::Response,
    safelist::{is_cors_safelisted_response_header_name, is_forbidden_response_header_name},
};

/// Returns the
/// [CORS-exposed header-name list](https://fetch.spec.whatwg.org/#concept-response-cors-exposed-header-name-list) of a
/// response ([main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch), step 14.1).
pub fn cors_exposed_header_names(response: &Response, credentials: CredentialsMode) -> Vec<&str> {
    // 14.1.1. Let headerNames be the result of extracting `Access-Control-Expose-Headers`. Failure exposes no header.
    let names = extract_tokens("Access-Control-Expose-Headers", &response.headers);
    let names = names.ok().flatten().unwrap_or_default();
    // 14.1.2. If credentials mode is not "include" and headerNames contains `*`, then return all header names.
    if credentials != CredentialsMode::Include && names.contains(&"*") {
        return response.headers.iter().map(|(name, _)| name.as_str()).collect();
    }
    // 14.1.3. Otherwise, return headerNames. A `*` among them matches only a header of that name.
    names
}

/// Returns the header list of a
/// [CORS filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-cors).
pub fn cors_filtered_headers(response: &Response, credentials: CredentialsMode) -> HeaderList {
    let exposed = cors_exposed_header_names(response, credentials);
    keep(response, |name| is_cors_safelisted_response_header_name(name, &exposed))
}

/// Returns the header list of a
/// [basic filtered response](https://fetch.spec.whatwg.org/#concept-filtered-response-basic).
pub fn basic_filtered_headers(response: &Response) -> HeaderList {
    keep(response, |name| !is_forbidden_response_header_name(name))
}

fn keep(response: &Response, is_kept: impl Fn(&HeaderName) -> bool) -> HeaderList {
    let headers = response.headers.iter().filter(|(name, _)| is_kept(name));
    headers.map(|(name, value)| (name.clone(), value.clone())).collect()
}
