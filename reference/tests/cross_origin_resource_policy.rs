//! What may be embedded without CORS, and by whom.

mod common;

use common::{origin, with_mode};
use cors_reference::{
    agent::{Agent, STANDARD, WEBKIT},
    cross_origin_resource_policy::{EmbedderPolicy, cross_origin_resource_policy_check},
    fetch::{Browser, Fetch, Next, Verdict},
    request::{CredentialsMode, Mode, Request, RequestInit, Tainting},
    response::Response,
    user_agent::UserAgent,
};

const CORP: &str = "Cross-Origin-Resource-Policy";

fn request(page: &str, url: &str) -> Request {
    let mut request = Request::new(&origin(page), url, &with_mode(Mode::NoCors)).unwrap();
    request.tainting = Tainting::Opaque;
    request
}

fn allows(page: &str, url: &str, policy: &str) -> bool {
    let response = Response::new(200).with(CORP, policy);
    cross_origin_resource_policy_check(&request(page, url), &response, EmbedderPolicy::UnsafeNone).is_ok()
}

#[test]
fn same_origin_keeps_every_other_origin_out() {
    assert!(allows("https://a.example", "https://a.example/x", "same-origin"));
    for page in ["https://b.example", "http://a.example", "https://a.example:8443", "https://x.a.example", "null"] {
        assert!(!allows(page, "https://a.example/x", "same-origin"), "{page}");
    }
}

#[test]
fn same_site_lets_in_whoever_shares_the_registrable_domain() {
    for page in ["https://shop.example.com", "https://a.b.example.com", "https://example.com:8443"] {
        assert!(allows(page, "https://api.example.com/x", "same-site"), "{page}");
    }
    for page in ["https://example.org", "https://badexample.com", "null"] {
        assert!(!allows(page, "https://api.example.com/x", "same-site"), "{page}");
    }
}

#[test]
fn a_public_suffix_is_no_shared_site() {
    assert!(!allows("https://a.github.io", "https://b.github.io/x", "same-site"));
    assert!(!allows("https://a.co.uk", "https://b.co.uk/x", "same-site"));
}

#[test]
fn an_insecure_page_is_no_same_site_of_a_secure_resource() {
    assert!(!allows("http://shop.example.com", "https://api.example.com/x", "same-site"));
    assert!(allows("http://shop.example.com", "http://api.example.com/x", "same-site"));
    assert!(allows("https://shop.example.com", "http://api.example.com/x", "same-site"));
}

#[test]
fn what_is_none_of_the_three_values_says_nothing() {
    for policy in ["cross-origin", "Same-Origin", "same-origin, same-origin", "same-site;", "", "none"] {
        assert!(allows("https://b.example", "https://a.example/x", policy), "{policy}");
    }
}

#[test]
fn two_lines_say_nothing() {
    let response = Response::new(200).with(CORP, "same-origin").with(CORP, "same-origin");
    let request = request("https://b.example", "https://a.example/x");
    assert_eq!(cross_origin_resource_policy_check(&request, &response, EmbedderPolicy::UnsafeNone), Ok(()));
}

#[test]
fn an_embedder_policy_asks_for_a_word() {
    let silent = Response::new(200);
    let spoken = Response::new(200).with(CORP, "cross-origin");
    let check = |credentials, response: &Response, policy| {
        let mut request = request("https://b.example", "https://a.example/x");
        request.credentials = credentials;
        cross_origin_resource_policy_check(&request, response, policy).is_ok()
    };
    let [omit, include] = [CredentialsMode::Omit, CredentialsMode::Include];
    assert!(check(include, &silent, EmbedderPolicy::UnsafeNone));
    assert!(!check(omit, &silent, EmbedderPolicy::RequireCorp));
    assert!(check(omit, &silent, EmbedderPolicy::Credentialless));
    assert!(check(include, &silent, EmbedderPolicy::Credentialless), "none are sent to another origin");
    for policy in [EmbedderPolicy::RequireCorp, EmbedderPolicy::Credentialless] {
        assert!(check(include, &spoken, policy), "{policy:?}");
    }
}

#[test]
fn an_embedder_policy_lets_its_own_origin_in() {
    let request = request("https://a.example", "https://a.example/x");
    let silent = Response::new(200);
    assert_eq!(cross_origin_resource_policy_check(&request, &silent, EmbedderPolicy::RequireCorp), Ok(()));
}

/// How a fetch by `https://b.example` of `https://a.example` ends.
fn ends(mode: Mode, response: &Response) -> (Verdict, String) {
    let mut browser = Browser::default();
    let init = with_mode(mode);
    let mut fetch = Fetch::start(&mut browser, &origin("https://b.example"), "https://a.example/", &init, 0);
    fetch.receive(&mut browser, response);
    let Next::Done(outcome) = fetch.next() else { panic!("one answer ends it") };
    (outcome.verdict, outcome.step.reason())
}

#[test]
fn a_refused_embedding_is_a_network_error_and_names_the_check() {
    let response = Response::new(200).with(CORP, "same-origin");
    let reason = "cross-origin-resource-policy-header/5".to_owned();
    assert_eq!(ends(Mode::NoCors, &response), (Verdict::NetworkError, reason));
}

#[test]
fn a_cors_fetch_is_not_asked() {
    let response = Response::new(200).with(CORP, "same-origin").with("Access-Control-Allow-Origin", "*");
    assert_eq!(ends(Mode::Cors, &response).0, Verdict::Readable);
}

#[test]
fn a_redirect_is_checked_before_it_is_followed() {
    let response = Response::new(302).with(CORP, "same-origin").with("Location", "https://b.example/");
    assert_eq!(ends(Mode::NoCors, &response).0, Verdict::NetworkError);
}

#[test]
fn localhost_is_one_site_to_webkit_alone() {
    let response = Response::new(200).with(CORP, "same-site");
    let blocked = |agent: Agent, page: &str, url: &str| {
        let request = request(page, url);
        agent.cross_origin_resource_policy_check(&request, &response, EmbedderPolicy::UnsafeNone).is_err()
    };
    for (page, url) in [
        ("http://localhost:1", "http://a.localhost:2/"),
        ("http://a.localhost:1", "http://localhost:2/"),
        ("http://a.localhost:1", "http://b.localhost:2/"),
    ] {
        assert_eq!((blocked(STANDARD, page, url), blocked(WEBKIT, page, url)), (true, false), "{page} {url}");
    }
    for (page, url) in [("http://localhost:1", "http://a.example/"), ("http://a.example", "http://localhost:2/")] {
        assert!(blocked(WEBKIT, page, url), "{page} {url}");
    }
    assert!(blocked(WEBKIT, "http://xlocalhost:1", "http://localhost:2/"));
}

#[test]
fn the_default_init_is_a_cors_fetch() {
    assert_eq!(RequestInit::default().mode, Mode::Cors);
}
