//! The measurements of the benchmarks. Each has an expected answer, and a wrong answer is never measured.

#![cfg_attr(not(test), warn(clippy::unwrap_used, clippy::expect_used))]

pub mod hot_path;
pub mod listed;
pub mod matching;
pub mod timing;

use cors_reference::{
    origin::{Origin, OriginError},
    request::{CredentialsMode, Request, RequestInit},
    response::Response,
    spec::{self, Step},
};

/// A CORS check and its expected result.
pub struct Check {
    /// The name in the report.
    pub name: &'static str,
    /// The request.
    pub request: Request,
    /// The response.
    pub response: Response,
    /// The expected result.
    pub expected: Result<&'static Step, &'static Step>,
}

/// Returns the most frequent CORS checks of a browser, and the most expensive one.
///
/// # Errors
///
/// Fails if the origin of the page does not parse.
pub fn checks() -> Result<Vec<Check>, OriginError> {
    const ALLOW: &str = "Access-Control-Allow-Origin";
    let page: Origin = "https://app.example.com".parse()?;
    let request = |credentials| {
        let init = RequestInit { credentials, ..RequestInit::default() };
        Request::new(&page, "https://api.example.com/", &init)
    };
    let respond = |allow: &str| Response::new(200).with("Content-Type", "text/html").with(ALLOW, allow);
    let typical = || {
        let before = [("Date", "Tue, 24 Nov 2026 00:00:00 GMT"), ("Content-Type", "application/json")];
        let after = [("Content-Length", "27"), ("Cache-Control", "no-cache"), ("Vary", "Origin"), ("ETag", "\"1\"")];
        let start = before.into_iter().fold(Response::new(200), |response, (name, value)| response.with(name, value));
        let start = start.with(ALLOW, "https://app.example.com").with("Access-Control-Allow-Credentials", "true");
        after.into_iter().fold(start, |response, (name, value)| response.with(name, value))
    };
    let many = (0..100).fold(Response::new(200), |response, _| response.with(ALLOW, "https://app.example.com"));
    let (omit, include) = (CredentialsMode::Omit, CredentialsMode::Include);
    let cases = [
        ("wildcard", omit, respond("*"), Ok(&spec::CORS_CHECK_3)),
        ("exact", omit, respond("https://app.example.com"), Ok(&spec::CORS_CHECK_5)),
        (
            "exact with credentials",
            include,
            respond("https://app.example.com").with("Access-Control-Allow-Credentials", "true"),
            Ok(&spec::CORS_CHECK_7),
        ),
        ("typical with credentials", include, typical(), Ok(&spec::CORS_CHECK_7)),
        ("another origin", omit, respond("https://app.example.org"), Err(&spec::CORS_CHECK_4)),
        ("no header", omit, Response::new(200).with("Content-Type", "text/html"), Err(&spec::CORS_CHECK_2)),
        ("the header 100 times", omit, many, Err(&spec::CORS_CHECK_4)),
    ];
    let checks = cases.into_iter().filter_map(|(name, credentials, response, expected)| {
        request(credentials).ok().map(|request| Check { name, request, response, expected })
    });
    Ok(checks.collect())
}
