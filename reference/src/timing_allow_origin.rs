//! The [TAO check](https://fetch.spec.whatwg.org/#tao-check), which decides whether a page may see the timing of a fetch.

use crate::{
    request::{Request, Tainting},
    response::Response,
    safelist::get_decode_and_split,
    spec::{self, Step},
};

/// Runs the [TAO check](https://fetch.spec.whatwg.org/#concept-tao-check) for a request and a response.
///
/// # Errors
///
/// Returns the step that returned failure. On success, returns the step that returned success.
pub fn tao_check(request: &Request, response: &Response) -> Result<&'static Step, &'static Step> {
    // 1. The origin is a page's.
    // 2. If request's timing allow failed flag is set, then return failure.
    if request.timing_allow_failed {
        return Err(&spec::TAO_CHECK_2);
    }
    // 3. Let values be the result of getting, decoding, and splitting `Timing-Allow-Origin`.
    let header = response.headers.get("Timing-Allow-Origin").map(|joined| joined.to_vec());
    let values = header.map(|header| get_decode_and_split(&header)).unwrap_or_default();
    // 4. If values contains `*`, then return success.
    if values.iter().any(|value| value == "*") {
        return Ok(&spec::TAO_CHECK_4);
    }
    // 5. If values contains the serialized request origin, then return success.
    if values.iter().any(|value| value == request.serialize_origin()) {
        return Ok(&spec::TAO_CHECK_5);
    }
    // 6. The mode is not "navigate".
    // 7. If request's response tainting is "basic", then return success.
    if request.tainting == Tainting::Basic {
        return Ok(&spec::TAO_CHECK_7);
    }
    // 8. Return failure.
    Err(&spec::TAO_CHECK_8)
}
