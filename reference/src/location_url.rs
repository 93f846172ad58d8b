//! The [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url) of a response.

use url::Url;

use crate::{header::isomorphic_decode, request::Request, response::Response};

/// A location URL that is failure.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct LocationError;

/// Returns the [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url) of a response to the
/// request, or `None` if there is none.
///
/// # Errors
///
/// Returns [`LocationError`] if the location URL is failure.
pub fn location_url(request: &Request, response: &Response) -> Result<Option<Url>, LocationError> {
    // 1. HTTP fetch step 6 lets only a redirect status pass.
    // 2. Let location be the result of extracting `Location`. A repeated header is failure.
    let mut locations = response.headers.named("Location").map(|(_, value)| value.as_bytes());
    match (locations.next(), locations.next()) {
        (None, _) => Ok(None),
        (Some(_), Some(_)) => Err(LocationError),
        (Some(location), None) => resolve(request, location).map(Some),
    }
}

/// Resolves the value of a `Location` header: steps 3 to 5 of
/// [location URL](https://fetch.spec.whatwg.org/#concept-response-location-url).
pub(crate) fn resolve(request: &Request, location: &[u8]) -> Result<Url, LocationError> {
    // 3. If location is a header value, then parse it with response's URL.
    let mut url = request.current_url().join(&isomorphic_decode(location)).map_err(|_| LocationError)?;
    // 4. If location is a URL whose fragment is null, then set its fragment to the request's.
    if url.fragment().is_none() {
        url.set_fragment(request.current_url().fragment());
    }
    // 5. Return location.
    Ok(url)
}
