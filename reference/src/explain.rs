//! A verdict's step, said in one sentence for a person, with the values that decided.

use crate::{
    header::isomorphic_decode,
    request::{CredentialsMode, Mode, Request, Tainting},
    response::Response,
    spec::{self, Step},
};

/// Why the step decided as it did. Without a request, `fetch()` itself threw; without a response,
/// nothing was sent.
pub fn explain(step: &'static Step, request: Option<&Request>, response: Option<&Response>) -> String {
    let Some(request) = request else {
        return thrown(step);
    };
    let origin = request.serialize_origin();
    let header = |name: &str| {
        let value = response.and_then(|response| response.headers.get(name));
        value.map_or("absent".to_owned(), |value| format!("`{}`", isomorphic_decode(&value.to_vec())))
    };
    let allow_origin = || header("Access-Control-Allow-Origin");
    let is = |other: &'static Step| step == other;
    if is(&spec::CORS_CHECK_2) {
        "The response has no Access-Control-Allow-Origin.".to_owned()
    } else if is(&spec::CORS_CHECK_3) {
        "Access-Control-Allow-Origin is `*` and the fetch includes no credentials.".to_owned()
    } else if is(&spec::CORS_CHECK_4) {
        let hint = if request.credentials == CredentialsMode::Include && allow_origin() == "`*`" {
            ", and `*` does not count where credentials are included"
        } else {
            ""
        };
        format!("Access-Control-Allow-Origin is {}, not the request's origin `{origin}`{hint}.", allow_origin())
    } else if is(&spec::CORS_CHECK_5) {
        format!("Access-Control-Allow-Origin is the request's origin `{origin}`.")
    } else if is(&spec::CORS_CHECK_7) {
        format!("Access-Control-Allow-Origin is `{origin}` and Access-Control-Allow-Credentials is `true`.")
    } else if is(&spec::CORS_CHECK_8) {
        let credentials = header("Access-Control-Allow-Credentials");
        format!("The fetch includes credentials and Access-Control-Allow-Credentials is {credentials}, not `true`.")
    } else if is(&spec::PREFLIGHT_7_3) {
        format!(
            "The preflight's Access-Control-Allow-Methods ({}) or Access-Control-Allow-Headers ({}) does not parse.",
            header("Access-Control-Allow-Methods"),
            header("Access-Control-Allow-Headers")
        )
    } else if is(&spec::PREFLIGHT_7_5) {
        let methods = header("Access-Control-Allow-Methods");
        format!("The method `{}` is not allowed: Access-Control-Allow-Methods is {methods}.", request.method)
    } else if is(&spec::PREFLIGHT_7_6) {
        let names = header("Access-Control-Allow-Headers");
        format!("`Authorization` must be listed by name: Access-Control-Allow-Headers is {names}.")
    } else if is(&spec::PREFLIGHT_7_7) {
        let names = header("Access-Control-Allow-Headers");
        let asked = request.unsafe_header_names().join(",");
        format!("Not every one of `{asked}` is allowed: Access-Control-Allow-Headers is {names}.")
    } else if is(&spec::PREFLIGHT_8) {
        let status = response.map_or(0, |response| response.status);
        format!("The preflight's status is {status}, not 200 to 299.")
    } else if is(&spec::CORP_5) {
        let policy = header("Cross-Origin-Resource-Policy");
        format!("Cross-Origin-Resource-Policy is {policy}, which keeps the page's origin `{origin}` from embedding it.")
    } else if is(&spec::PNA_10_3_1_3) {
        let allow = header("Access-Control-Allow-Private-Network");
        format!("The preflight's Access-Control-Allow-Private-Network is {allow}, not `true`.")
    } else if is(&spec::PNA_5_4_2) || is(&spec::LNA_5_5_2) {
        "A page that is no secure context may not reach into a less public network.".to_owned()
    } else if is(&spec::PNA_5_3_2) || is(&spec::LNA_5_4_2) {
        "The address is not in the IP address space that was asked for.".to_owned()
    } else if is(&spec::LNA_5_5_11) {
        "The user has not let the page reach into a less public network.".to_owned()
    } else if is(&spec::HTTP_NETWORK_FETCH_8_5) {
        "The response is not well-formed: a header value holds 0x00, 0x0A or 0x0D, or the status is below 200."
            .to_owned()
    } else if is(&spec::MAIN_FETCH_7) {
        format!("Port {} is blocked.", request.current_url().port().unwrap_or_default())
    } else if is(&spec::MAIN_FETCH_12) {
        not_cors(request, response)
    } else if is(&spec::HTTP_FETCH_6_3) {
        let status = response.map_or(0, |response| response.status);
        format!("The response is a redirect ({status}), which the fetch asked not to follow.")
    } else {
        format!("The redirect to Location {} is not followed: {}", header("Location"), step.text)
    }
}

fn not_cors(request: &Request, response: Option<&Response>) -> String {
    let scheme = request.current_url().scheme();
    let is_http = matches!(scheme, "http" | "https");
    let text = match (request.mode, response) {
        (_, Some(_)) if !is_http => {
            return format!("A `{scheme}` URL holds its own answer, so the CORS protocol is not used.");
        }
        (_, None) if !is_http => {
            return format!("Nothing can be fetched from a `{scheme}` URL: only http and https.");
        }
        (Mode::NoCors, Some(_)) if request.tainting == Tainting::Opaque => {
            "In no-cors mode a response of another origin is opaque."
        }
        (_, Some(_)) => "The URL is of the page's own origin, so the CORS protocol is not used.",
        (Mode::NoCors, None) => "In no-cors mode the redirect mode must be follow.",
        (_, None) => "The URL is of another origin and the mode is same-origin.",
    };
    text.to_owned()
}

fn thrown(step: &'static Step) -> String {
    let why = match step.number {
        "5.2" => "the URL does not parse",
        "5.3" => "the URL includes credentials",
        "25.2" => "the method is no token, or forbidden",
        "32.1" => "no-cors mode allows only GET, HEAD and POST",
        "35" => "GET and HEAD cannot have a body",
        _ => "a header's value holds 0x00, 0x0A or 0x0D",
    };
    format!("fetch() rejects with a TypeError before anything is sent: {why}.")
}
