//! What is said of the steps of resource policy and local networks.

mod common;

use common::{PAGE, init, request_of};
use cors_reference::{
    explain::explain,
    response::Response,
    spec::{self, Step},
};

fn said(step: &'static Step, response: Option<&Response>) -> String {
    explain(step, Some(&request_of(PAGE, "http://192.168.0.1/", &init("GET"))), response)
}

#[test]
fn the_resource_policy_is_quoted() {
    let response = Response::new(200).with("Cross-Origin-Resource-Policy", "same-site");
    let expected = "Cross-Origin-Resource-Policy is `same-site`, which keeps the page's origin `https://app.example` \
                    from embedding it.";
    assert_eq!(said(&spec::CORP_5, Some(&response)), expected);
}

#[test]
fn the_answer_about_the_private_network_is_quoted() {
    let response = Response::new(200).with("Access-Control-Allow-Private-Network", "TRUE");
    let expected = |is: &str| format!("The preflight's Access-Control-Allow-Private-Network is {is}, not `true`.");
    assert_eq!(said(&spec::PNA_10_3_1_3, Some(&response)), expected("`TRUE`"));
    assert_eq!(said(&spec::PNA_10_3_1_3, Some(&Response::new(200))), expected("absent"));
}

#[test]
fn what_keeps_a_page_out_of_a_network_is_said() {
    let not_secure = "A page that is no secure context may not reach into a less public network.";
    let elsewhere = "The address is not in the IP address space that was asked for.";
    let denied = "The user has not let the page reach into a less public network.";
    for (step, expected) in [
        (&spec::PNA_5_4_2, not_secure),
        (&spec::LNA_5_5_2, not_secure),
        (&spec::PNA_5_3_2, elsewhere),
        (&spec::LNA_5_4_2, elsewhere),
        (&spec::LNA_5_5_11, denied),
    ] {
        assert_eq!(said(step, None), expected, "{step}");
    }
}
