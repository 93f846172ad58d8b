//! The [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch): where a
//! redirect leads, and what it takes from the request.

use url::Url;

use crate::{
    agent::{Agent, Deviation},
    header::isomorphic_decode,
    origin::Origin,
    request::{Mode, Request, Tainting, has_http_scheme, includes_credentials},
    response::Response,
    safelist::request_body_header_names,
    spec::{self, Step},
};

/// The [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url) of a response with a
/// redirect status: none, or a URL that may fail to parse.
pub(crate) fn location_url(request: &Request, response: &Response) -> Result<Option<Url>, LocationError> {
    // 2. Extract `Location`; several of them are failure.
    let mut locations = response.headers.named("Location").map(|(_, value)| value.as_bytes());
    let Some(location) = locations.next() else {
        return Ok(None);
    };
    let others: Vec<_> = locations.collect();
    let are_one = request.agent.has(Deviation::EqualLocationsAreOne) && others.iter().all(|other| *other == location);
    if !others.is_empty() && !are_one {
        return Err(LocationError);
    }
    if location.is_empty() && request.agent.has(Deviation::EmptyLocationIsNone) {
        return Ok(None);
    }
    if location.is_empty() && request.agent.has(Deviation::EmptyLocationFails) {
        return Err(LocationError);
    }
    // 3. Parse it with response's URL.
    let mut url = request.current_url().join(&isomorphic_decode(location)).map_err(|_| LocationError)?;
    // 4. A URL without a fragment takes the request's.
    if url.fragment().is_none() {
        url.set_fragment(request.current_url().fragment());
    }
    // 5. Return location.
    Ok(Some(url))
}

/// A location URL that is failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct LocationError;

/// Whether a response is a redirect to the agent: by its
/// [redirect status](https://fetch.spec.whatwg.org/#redirect-status).
pub(crate) fn is_redirect(agent: &Agent, response: &Response) -> bool {
    let is_any = agent.has(Deviation::Any3xxRedirects)
        && (300..=399).contains(&response.status)
        && !matches!(response.status, 300 | 304 | 305 | 306)
        && has_location(response);
    response.has_redirect_status() || is_any
}

/// Whether there is a `Location` with a value.
pub(crate) fn has_location(response: &Response) -> bool {
    response.headers.named("Location").any(|(_, value)| !value.as_bytes().is_empty())
}

/// [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) up to its last
/// step: changes the request to what is fetched next. `false` means that there is no location, so that
/// the response itself is the result.
///
/// # Errors
///
/// The step that returned a network error.
pub fn http_redirect_fetch(request: &mut Request, response: &Response) -> Result<bool, &'static Step> {
    // 3. Let locationURL be the location URL. 4. If it is null, then return response.
    // 5. If locationURL is failure, then return a network error.
    let location = location_url(request, response).map_err(|LocationError| &spec::REDIRECT_5)?;
    let Some(location) = location else {
        return Ok(false);
    };
    // 6. If its scheme is not an HTTP(S) scheme, then return a network error.
    if !has_http_scheme(&location) {
        return Err(&spec::REDIRECT_6);
    }
    // 7. If redirect count is 20, then return a network error. 8. Increase it.
    if request.redirect_count == 20 {
        return Err(&spec::REDIRECT_7);
    }
    request.redirect_count += 1;
    // 9. Credentials in a URL that is not of the page's origin, in mode "cors".
    let location_origin = Origin::of(&location);
    let is_refused = request.mode == Mode::Cors && !request.origin.is_same_origin(&location_origin);
    if includes_credentials(&location) && (is_refused || request.agent.has(Deviation::LocationCredentialsFail)) {
        return Err(&spec::REDIRECT_9);
    }
    // 10. Credentials in a URL once the tainting is "cors".
    if request.tainting == Tainting::Cors && includes_credentials(&location) {
        return Err(&spec::REDIRECT_10);
    }
    // 11. A text body has a source. 12. POST after 301 or 302, and all but GET and HEAD after 303:
    let becomes_get = match response.status {
        301 | 302 => request.method == "POST",
        303 => !matches!(request.method.as_str(), "GET" | "HEAD"),
        _ => false,
    };
    let leaves_origin = request.leaves_origin(&location);
    let deletes_nothing =
        leaves_origin && request.method == "DELETE" && request.agent.has(Deviation::DeleteBecomesGetAcrossOrigins);
    request.keep_origin();
    let mut removed = Vec::new();
    if becomes_get || deletes_nothing {
        // 12.1. Set method to `GET` and body to null. 12.2. Delete the request-body-headers.
        request.method = "GET".to_owned();
        request.body = None;
        removed.extend(request_body_header_names());
    }
    // 13. If the origin changes, then delete each CORS non-wildcard request-header name.
    if leaves_origin {
        removed.push("Authorization");
    }
    request.remove_headers(removed);
    // 18. Append locationURL to request's URL list. 22. Main fetch is the caller's.
    request.append_url(location);
    Ok(true)
}
