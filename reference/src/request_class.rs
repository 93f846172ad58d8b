//! The [Request class](https://fetch.spec.whatwg.org/#request-class) and the
//! [Headers class](https://fetch.spec.whatwg.org/#headers-class): from `fetch()`'s arguments to a request.

use url::Url;

use crate::{
    header::{HeaderName, HeaderValue, is_token},
    origin::Origin,
    request::{Mode, Request, RequestInit, TypeError, includes_credentials},
    safelist::{is_cors_safelisted_method, is_forbidden_method, normalize_method},
    spec,
    user_agent::{Standard, UserAgent},
};

impl Request {
    /// Returns the request that [`fetch(url, init)`](https://fetch.spec.whatwg.org/#dom-request) makes in a page of
    /// that origin.
    ///
    /// # Errors
    ///
    /// Returns a [`TypeError`] with the step that throws it.
    pub fn new(page: &Origin, url: &str, init: &RequestInit) -> Result<Self, TypeError> {
        Self::by(&Standard, page, url, init)
    }

    /// Returns the request that `fetch(url, init)` makes in a page of that origin and a given user agent.
    ///
    /// # Errors
    ///
    /// Returns a [`TypeError`] with the step that throws it.
    pub fn by<U: UserAgent>(user_agent: &U, page: &Origin, url: &str, init: &RequestInit) -> Result<Self, TypeError> {
        // Step 5.2 of `to`, which takes a URL that parses.
        let url = Url::parse(url).map_err(|_| TypeError(&spec::REQUEST_5_2))?;
        Self::to(user_agent, page, url, init)
    }

    /// Returns the request that `fetch(url, init)` makes for a URL that is parsed already: the
    /// [constructor of `Request`](https://fetch.spec.whatwg.org/#dom-request).
    ///
    /// # Errors
    ///
    /// Returns a [`TypeError`] with the step that throws it.
    pub fn to<U: UserAgent>(user_agent: &U, page: &Origin, url: Url, init: &RequestInit) -> Result<Self, TypeError> {
        // 1–2. These are variables of the steps below.
        // 3. Not modelled: a page's base URL; every URL is absolute.
        // 4. Not modelled: `signal`; a fetch is not aborted.
        // 5. If input is a string, then:
        // 5.1–5.2. Parse it; failure throws a TypeError. See `by`.
        // 5.3. If the URL includes credentials, then throw a TypeError.
        if includes_credentials(&url) {
            return Err(TypeError(&spec::REQUEST_5_3));
        }
        // 5.4–5.5. The request has this URL; the fallback mode is "cors", which is the default of `RequestInit`.
        // 6. Not modelled: an input that is a `Request` object; a script here passes a URL.
        // 7–8. The page's origin is the request's.
        // 9–11. Not modelled: `window`; user prompts do not concern CORS.
        // 12–13. A new request, made below from the URL and init.
        // 14–15. Not modelled: `referrer` and `referrerPolicy`; every request has the defaults.
        // 16–19. Take mode and credentials mode from init. Mode "navigate" cannot be expressed.
        // 20–21. Not modelled: `cache`; the cache mode is "default".
        // 22. Take the redirect mode from init.
        // 23–24. Not modelled: `integrity` and `keepalive`.
        // 25. If init's method exists, then:
        // 25.1. Let method be it.
        // 25.2. If it is not a method or is a forbidden method, then throw a TypeError.
        if !is_token(init.method.as_bytes()) || is_forbidden_method(&init.method) {
            return Err(TypeError(&spec::REQUEST_25_2));
        }
        // 25.3–25.4. Normalize it; it is the request's method.
        let method = normalize_method(&init.method);
        let mut request =
            Self::with((url, method.to_owned(), page.clone()), (init.mode, init.credentials, init.redirect));
        // 26–27. Not modelled: `signal` and `priority`.
        // 28–31. The `Request` object and its `Headers` object are this request and its header list.
        // 32. If mode is "no-cors", then:
        // 32.1. If the method is not a CORS-safelisted method, then throw a TypeError.
        if init.mode == Mode::NoCors && !is_cors_safelisted_method(method) {
            return Err(TypeError(&spec::REQUEST_32_1));
        }
        // 32.2. The guard is "request-no-cors"; `append` reads it from the mode.
        // 33. If init is not empty, then:
        // 33.1–33.4. The header list is empty, and init's headers are a list of pairs.
        // 33.5. Fill the headers with init's.
        for (name, value) in init.headers.iter() {
            append(user_agent, &mut request, name, value)?;
        }
        // 34. An input that is a string has no body.
        // 35. If init's body is non-null and the method is `GET` or `HEAD`, then throw a TypeError.
        if init.body.is_some() && matches!(method, "GET" | "HEAD") {
            return Err(TypeError(&spec::REQUEST_35));
        }
        // 36–37. If init's body is non-null, then:
        if let Some(text) = &init.body {
            // 37.1–37.3. A text is its UTF-8 bytes, and of type `text/plain;charset=UTF-8`.
            request.body = Some(text.as_bytes().to_vec());
            // 37.4. If the header list does not contain `Content-Type`, then append it with the type.
            if !request.headers.contains("Content-Type") {
                request.headers = request.headers.with("Content-Type", "text/plain;charset=UTF-8");
            }
        }
        // 38–42. The body is init's. A text has a source, so the use-CORS-preflight flag stays unset.
        user_agent.prepare_header_list(&mut request.headers);
        Ok(request)
    }
}

/// [Appends](https://fetch.spec.whatwg.org/#concept-headers-append) a header to the script's `Headers` object, whose
/// guard is "request-no-cors" in mode "no-cors" and "request" otherwise.
fn append<U: UserAgent>(
    user_agent: &U,
    request: &mut Request,
    name: &HeaderName,
    value: &HeaderValue,
) -> Result<(), TypeError> {
    // 1. Normalize value.
    let value = normalize(value);
    // 2. If validating (name, value) returns false, then return.
    if !validate(user_agent, request, name, &value)? {
        return Ok(());
    }
    // 3. If guard is "request-no-cors":
    if request.mode == Mode::NoCors {
        // 3.1–3.3. Let temporaryValue be the values that the list has for name, followed by value.
        let present = request.headers.get(name.as_str());
        let temporary_value = match present {
            None => value.as_bytes().to_vec(),
            Some(present) => [&present.to_vec()[..], b", ", value.as_bytes()].concat(),
        };
        // 3.4. If (name, temporaryValue) is not a no-CORS-safelisted request-header, then return.
        if !user_agent.is_no_cors_safelisted_request_header(name.as_str(), &temporary_value) {
            return Ok(());
        }
    }
    // 4. Append (name, value) to the header list.
    request.headers.append(name.clone(), value);
    // 5. Privileged no-CORS request-headers are not in the list: 3.4 lets none pass.
    Ok(())
}

/// [Normalizes](https://fetch.spec.whatwg.org/#concept-header-value-normalize) a header value: removes HTTP whitespace,
/// which includes newlines, from both ends.
fn normalize(value: &HeaderValue) -> HeaderValue {
    let is_content = |byte: &u8| !matches!(byte, b'\t' | b'\n' | b'\r' | b' ');
    let bytes = value.as_bytes();
    let start = bytes.iter().position(is_content).unwrap_or(bytes.len());
    let end = bytes.iter().rposition(is_content).map_or(start, |last| last + 1);
    HeaderValue::from_wire(&bytes[start..end])
}

/// [Validates](https://fetch.spec.whatwg.org/#headers-validate) a header for the script's `Headers` object.
fn validate<U: UserAgent>(
    user_agent: &U,
    request: &Request,
    name: &HeaderName,
    value: &HeaderValue,
) -> Result<bool, TypeError> {
    // 1. If value is not a header value, then throw a TypeError. The type `HeaderName` admits header names only.
    if !value.is_header_value() {
        return Err(TypeError(&spec::HEADERS_VALIDATE_1));
    }
    // 2. The guard is not "immutable".
    // 3. If guard is "request" and (name, value) is a forbidden request-header, then return false.
    let is_request_guard = request.mode != Mode::NoCors;
    let is_forbidden = || user_agent.is_forbidden_request_header(name.as_str(), value.as_bytes());
    // 4. The guard is not "response".
    // 5. Return true.
    Ok(!(is_request_guard && is_forbidden()))
}
