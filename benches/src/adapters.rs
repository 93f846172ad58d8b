//! What each adapter is asked, and for what it is built, when its cost in process is measured.

use cors_adapters::{Middleware, Observation, Server, build, handler::Handler, observe};
use cors_reference::{policy::Policy, request::WireRequest};

/// The policy: one listed origin with a method, a header and credentials, or as much of it as the row can say.
///
/// # Errors
///
/// A policy that does not parse; none of these does.
pub fn policy(middleware: &dyn Middleware) -> serde_json::Result<Option<Policy>> {
    let policies = [
        r#"{"origins": ["https://app.example"], "credentials": true, "methods": ["PUT"], "request_headers": ["x-a"],
            "exposed_headers": ["x-b"], "max_age": 600}"#,
        r#"{"origins": ["https://app.example"], "credentials": true, "request_headers": ["x-a"], "exposed_headers": ["x-b"]}"#,
        r#"{"origins": ["https://app.example"]}"#,
        r#"{"origins": "any"}"#,
    ];
    let policies = policies.into_iter().map(serde_json::from_str).collect::<serde_json::Result<Vec<Policy>>>()?;
    let can_say = |policy: &Policy| build(middleware, Some(policy), &Handler::default()).is_ok();
    Ok(middleware.fixed().into_iter().chain(policies).find(can_say))
}

/// A page's GET across origins, and the preflight before a PUT.
///
/// # Errors
///
/// A request that does not parse; neither does.
pub fn requests() -> serde_json::Result<[(&'static str, WireRequest); 2]> {
    let request = |method: &str, headers: &str| {
        let url = serde_json::from_str(r#""https://api.example/resource""#)?;
        let headers = serde_json::from_str(headers)?;
        Ok::<_, serde_json::Error>(WireRequest { method: method.to_owned(), url, headers, body: None })
    };
    let preflight = r#"[["Origin", "https://app.example"], ["Access-Control-Request-Method", "PUT"],
                        ["Access-Control-Request-Headers", "x-a"]]"#;
    Ok([
        ("request", request("GET", r#"[["Origin", "https://app.example"]]"#)?),
        ("preflight", request("OPTIONS", preflight)?),
    ])
}

/// What a server makes of a request; a wrong answer is not worth timing.
///
/// # Errors
///
/// What was observed instead of an answer.
pub fn answered(server: &mut dyn Server, request: &WireRequest) -> Result<(), Observation> {
    let observation = observe(server, request);
    if observation.result.is_ok() { Ok(()) } else { Err(observation) }
}
