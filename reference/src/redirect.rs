//! [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#http-redirect-fetch).

use crate::{
    location_url::LocationError,
    request::{Request, Tainting, has_http_scheme, includes_credentials},
    response::Response,
    safelist::request_body_header_names,
    spec::{self, Step},
    user_agent::{Standard, UserAgent},
};

/// Follows a redirect as the standard requires. See [`http_redirect_fetch_by`].
///
/// # Errors
///
/// Returns the step that returned a network error.
pub fn http_redirect_fetch(request: &mut Request, response: &Response) -> Result<bool, &'static Step> {
    http_redirect_fetch_by(&Standard, &mut (), request, response)
}

/// Runs [HTTP-redirect fetch](https://fetch.spec.whatwg.org/#concept-http-redirect-fetch) up to its last step: changes
/// the request to the one that is fetched next. Returns false if there is no location and the response itself is the
/// result.
///
/// # Errors
///
/// Returns the step that returned a network error.
pub fn http_redirect_fetch_by<U: UserAgent>(
    user_agent: &U,
    memory: &mut U::Memory,
    request: &mut Request,
    response: &Response,
) -> Result<bool, &'static Step> {
    // 1. The caller passes fetchParams's request.
    // 2. The response is not filtered.
    // 3. Let locationURL be the location URL, given request's current URL's fragment.
    let location_url = user_agent.location_url(request, response);
    let location_url = match location_url {
        // 4. If locationURL is null, then return response.
        Ok(None) => return Ok(false),
        // 5. If locationURL is failure, then return a network error.
        Err(LocationError) => return Err(&spec::REDIRECT_5),
        Ok(Some(url)) => url,
    };
    // 6. If locationURL's scheme is not an HTTP(S) scheme, then return a network error.
    if !has_http_scheme(&location_url) {
        return Err(&spec::REDIRECT_6);
    }
    // 7. If redirect count is 20, then return a network error.
    if request.redirect_count == 20 {
        return Err(&spec::REDIRECT_7);
    }
    // 8. Increase redirect count by 1.
    request.redirect_count += 1;
    // 9. If mode is "cors", locationURL includes credentials and is not of the request's origin, then return a network
    // error.
    if user_agent.refuses_credentials_in_location(request, &location_url) {
        return Err(&spec::REDIRECT_9);
    }
    // 10. If tainting is "cors" and locationURL includes credentials, then return a network error.
    if request.tainting == Tainting::Cors && includes_credentials(&location_url) {
        return Err(&spec::REDIRECT_10);
    }
    // 11. A text body has a source.
    // 12. If status and method are ones after which browsers send `GET`, then:
    let becomes_get = user_agent.redirect_becomes_get(request, response.status, &location_url);
    user_agent.redirect(memory, request, &location_url, becomes_get);
    if becomes_get {
        // 12.1. Set method to `GET` and body to null.
        request.method = "GET".to_owned();
        request.body = None;
        // 12.2. Delete each request-body-header name from the header list.
        for name in request_body_header_names() {
            request.headers.delete(name);
        }
    }
    // 13. If locationURL is of another origin than the current URL, then delete each CORS non-wildcard request-header
    // name from the header list.
    if request.leaves_origin(&location_url) {
        request.headers.delete("Authorization");
    }
    // 14. A text body stays as it is.
    // 15–17. Not modelled: timing info. It has no effect on what a page reads.
    // 18. Append locationURL to the URL list.
    request.append_url(location_url);
    // 19. Not modelled: `Referrer-Policy` of the response. Every request has the default policy.
    // 20–21. Redirect mode "manual" does not get here.
    // 22. Main fetch is run by the caller.
    Ok(true)
}
