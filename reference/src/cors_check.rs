//! The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check).

use crate::{
    agent::Deviation,
    request::{CredentialsMode, Request},
    response::Response,
    spec::{self, Step},
};

/// The [CORS check](https://fetch.spec.whatwg.org/#concept-cors-check) for a request and a response.
/// It allocates nothing.
///
/// # Errors
///
/// The step that returned failure; on success, the step that returned success.
pub fn cors_check(request: &Request, response: &Response) -> Result<&'static Step, &'static Step> {
    let includes_credentials = request.credentials == CredentialsMode::Include;
    // 1. Let origin be the result of getting `Access-Control-Allow-Origin`.
    // 2. If origin is null, then return failure.
    let origin = response.headers.get("Access-Control-Allow-Origin").ok_or(&spec::CORS_CHECK_2)?;
    // 3. If credentials mode is not "include" and origin is `*`, then return success.
    if !includes_credentials && origin == *"*" {
        return Ok(&spec::CORS_CHECK_3);
    }
    // 4. If the byte-serialized request origin is not origin, then return failure.
    if origin != *request.serialize_origin() {
        return Err(&spec::CORS_CHECK_4);
    }
    // 5. If credentials mode is not "include", then return success.
    if !includes_credentials {
        return Ok(&spec::CORS_CHECK_5);
    }
    // 6. Let credentials be the result of getting `Access-Control-Allow-Credentials`.
    // 7. If credentials is `true`, then return success.
    match response.headers.get("Access-Control-Allow-Credentials") {
        Some(credentials) if credentials == *"true" => Ok(&spec::CORS_CHECK_7),
        Some(_) if skips_to_true(request, response) => Ok(&spec::CORS_CHECK_7),
        // 8. Return failure.
        _ => Err(&spec::CORS_CHECK_8),
    }
}

/// Whether, without the lines that have no value, the one that is left is `true`, and the agent reads it so.
fn skips_to_true(request: &Request, response: &Response) -> bool {
    let lines = response.headers.named("Access-Control-Allow-Credentials");
    request.agent.has(Deviation::SkipsEmptyLines)
        && lines.map(|(_, value)| value.as_bytes()).filter(|value| !value.is_empty()).eq([&b"true"[..]])
}
