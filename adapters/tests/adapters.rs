//! Adapters report what a framework does: they neither fix nor hide it.

#![cfg(feature = "all")]

use cors_adapters::{Failure, NoServer, Observation, Server, build, handler::*, observe, registry::middlewares};
use cors_policy::Policy;
use cors_reference::request::WireRequest;
use serde_json::json;

fn server(name: &str, policy: serde_json::Value, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
    let policy: Policy = serde_json::from_value(policy).unwrap();
    let row = middlewares().find(|row| row.describe().name == name).unwrap();
    build(row, Some(&policy), handler)
}

/// Returns the observation of one request to a row with one listed origin.
fn ask(name: &str, handler: &Handler, method: &str, headers: serde_json::Value) -> Observation {
    let mut server = server(name, json!({"origins": ["https://app.example"]}), handler).ok().unwrap();
    let request = WireRequest {
        method: method.to_owned(),
        url: "https://api.example/resource".parse().unwrap(),
        headers: serde_json::from_value(headers).unwrap(),
        body: None,
    };
    observe(server.as_mut(), &request)
}

/// Returns the headers of a request from the listed origin.
fn app() -> serde_json::Value {
    json!([["Origin", "https://app.example"]])
}

#[test]
fn a_panicking_handler_of_ohkami_gets_no_answer() {
    let panics = Handler { fail: Some(Failing::Panic), ..Handler::default() };
    let observation = ask("ohkami", &panics, "GET", app());
    assert!(matches!(observation.result, Err(Failure::Panicked(_))), "{observation:?}");
    assert_eq!(observation.handler_calls, 1);
}

#[test]
fn ohkami_cannot_represent_a_repeated_host() {
    let headers = json!([["Host", "api.example"], ["Host", "evil.example"]]);
    let observation = ask("ohkami", &Handler::default(), "GET", headers);
    assert!(matches!(observation.result, Err(Failure::NotRepresentable(_))), "{observation:?}");
}

#[test]
fn silent_runs_the_middleware_for_a_path_without_a_route() {
    let missing = Handler { route: Route::Missing, ..Handler::default() };
    let response = ask("silent", &missing, "GET", app()).result.unwrap();
    assert_eq!(response.status, 404);
    assert!(response.headers.contains("Access-Control-Allow-Origin"));
}

#[test]
fn rocket_has_no_route_for_options() {
    let observation = ask("rocket_cors", &Handler::default(), "OPTIONS", json!([]));
    assert_eq!((observation.result.unwrap().status, observation.handler_calls), (404, 0));
}

#[test]
fn a_max_age_that_is_too_large_is_unsupported_with_the_reason() {
    for (name, seconds) in [("poem", 1_u64 << 31), ("silent", 1 << 32), ("ohkami", 1 << 32)] {
        let policy = json!({"origins": ["https://app.example"], "max_age": seconds});
        let Err(NoServer::Unsupported(why)) = server(name, policy, &Handler::default()) else { panic!("{name}") };
        assert!(why.starts_with("Cors::max_age"), "{name}: {why}");
    }
}
