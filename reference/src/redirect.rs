//! The [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch): where a
//! redirect leads, and what it takes from the request.

use url::Url;

use crate::{
    header::isomorphic_decode,
    origin::Origin,
    request::{Mode, Request, Tainting, has_http_scheme, includes_credentials},
    response::Response,
    safelist::request_body_header_names,
    spec::{self, Step},
};

/// The [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url) of a response with a
/// redirect status: none, or a URL that may fail to parse.
fn location_url(response: &Response, current_url: &Url) -> Result<Option<Url>, url::ParseError> {
    // 2. Extract `Location`; several of them are failure.
    let mut locations = response.headers.named("Location");
    let Some((_, location)) = locations.next() else {
        return Ok(None);
    };
    if locations.next().is_some() {
        return Err(url::ParseError::InvalidDomainCharacter);
    }
    // 3. Parse it with response's URL.
    let mut url = current_url.join(&isomorphic_decode(location.as_bytes()))?;
    // 4. A URL without a fragment takes the request's.
    if url.fragment().is_none() {
        url.set_fragment(current_url.fragment());
    }
    // 5. Return location.
    Ok(Some(url))
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
    let location = location_url(response, request.current_url()).map_err(|_| &spec::REDIRECT_5)?;
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
    if request.mode == Mode::Cors && includes_credentials(&location) && !request.origin.is_same_origin(&location_origin)
    {
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
    if becomes_get {
        // 12.1. Set method to `GET` and body to null. 12.2. Delete the request-body-headers.
        request.method = "GET".to_owned();
        request.body = None;
        for name in request_body_header_names() {
            request.headers.delete(name);
        }
    }
    // 13. If the origin changes, then delete each CORS non-wildcard request-header name.
    if !Origin::of(request.current_url()).is_same_origin(&location_origin) {
        request.headers.delete("Authorization");
    }
    // 18. Append locationURL to request's URL list. 22. Main fetch is the caller's.
    request.append_url(location);
    Ok(true)
}
