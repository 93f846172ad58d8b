//! The explanations of the steps of `Cross-Origin-Resource-Policy` and of local networks.

mod common;

use common::{PAGE, init, request_of};
use cors_reference::{
    explain::explain,
    response::Response,
    spec::{self, Step},
};

fn explanation(step: &'static Step, response: Option<&Response>) -> String {
    explain(step, Some(&request_of(PAGE, "http://192.168.0.1/", &init("GET"))), response)
}

#[test]
fn the_explanation_quotes_the_resource_policy() {
    let response = Response::new(200).with("Cross-Origin-Resource-Policy", "same-site");
    let expected = "Cross-Origin-Resource-Policy is `same-site`, which blocks the page's origin \
                    `https://app.example`.";
    assert_eq!(explanation(&spec::CORP_5, Some(&response)), expected);
}

#[test]
fn the_explanation_quotes_the_header_of_private_network_access() {
    let response = Response::new(200).with("Access-Control-Allow-Private-Network", "TRUE");
    let expected = |value: &str| {
        format!("The Access-Control-Allow-Private-Network of the preflight's response is {value}, not `true`.")
    };
    assert_eq!(explanation(&spec::PNA_10_3_1_3, Some(&response)), expected("`TRUE`"));
    assert_eq!(explanation(&spec::PNA_10_3_1_3, Some(&Response::new(200))), expected("absent"));
}

#[test]
fn the_explanation_names_the_reason_that_blocks_a_local_network() {
    let not_secure = "The page is not a secure context, so it may not access a less public network.";
    let elsewhere = "The address is not in the request's target IP address space.";
    let denied = "The user denied the page access to a less public network.";
    for (step, expected) in [
        (&spec::PNA_5_4_2, not_secure),
        (&spec::LNA_5_5_2, not_secure),
        (&spec::PNA_5_3_2, elsewhere),
        (&spec::LNA_5_4_2, elsewhere),
        (&spec::LNA_5_5_11, denied),
    ] {
        assert_eq!(explanation(step, None), expected, "{step}");
    }
}
