//! Who may see how long a fetch took.

mod common;

use common::{origin, with_mode};
use cors_reference::{
    fetch::{Browser, Fetch},
    request::{Mode, Request, RequestInit, Tainting},
    response::Response,
    timing_allow_origin::tao_check,
};

const TAO: &str = "Timing-Allow-Origin";

fn reason(tainting: Tainting, response: &Response) -> Result<String, String> {
    let mut request =
        Request::new(&origin("https://b.example"), "https://a.example/", &RequestInit::default()).unwrap();
    request.tainting = tainting;
    tao_check(&request, response).map(|step| step.reason()).map_err(|step| step.reason())
}

fn says(value: &str) -> Response {
    Response::new(200).with(TAO, value)
}

#[test]
fn the_wildcard_and_the_own_origin_pass() {
    let checked = |value| reason(Tainting::Cors, &says(value));
    assert_eq!(checked("*"), Ok("tao-check/4".to_owned()));
    assert_eq!(checked("https://b.example"), Ok("tao-check/5".to_owned()));
    for other in ["https://a.example", "https://b.example/", "HTTPS://b.example", "null", "", "**"] {
        assert_eq!(checked(other), Err("tao-check/8".to_owned()), "{other}");
    }
}

#[test]
fn a_list_in_one_line_or_in_several_is_searched() {
    let several = says("https://a.example").with(TAO, "https://c.example").with(TAO, "https://b.example");
    for response in [says("https://a.example, https://b.example"), says("null ,\t*"), several] {
        assert!(reason(Tainting::Cors, &response).is_ok(), "{response:?}");
    }
}

#[test]
fn a_fetch_of_the_own_origin_passes_without_a_word() {
    assert_eq!(reason(Tainting::Basic, &Response::new(200)), Ok("tao-check/7".to_owned()));
    for tainting in [Tainting::Cors, Tainting::Opaque] {
        assert_eq!(reason(tainting, &Response::new(200)), Err("tao-check/8".to_owned()));
    }
}

#[test]
fn once_failed_it_stays_so() {
    let mut request =
        Request::new(&origin("https://b.example"), "https://a.example/", &RequestInit::default()).unwrap();
    request.timing_allow_failed = true;
    assert_eq!(tao_check(&request, &says("*")).unwrap_err().reason(), "tao-check/2");
}

/// Whether the page sees the time of a no-cors fetch that is answered so.
fn sees(url: &str, answers: &[Response]) -> bool {
    let mut browser = Browser::default();
    let init = with_mode(Mode::NoCors);
    let mut fetch = Fetch::start(&mut browser, &origin("https://b.example"), url, &init, 0);
    for answer in answers {
        fetch.receive(&mut browser, answer);
    }
    fetch.into_outcome().expect("the last answer ends it").timing_allowed
}

#[test]
fn every_answer_on_the_way_must_pass() {
    let to = |response: Response| Response { status: 302, ..response }.with("Location", "https://c.example/");
    let silent = || Response::new(200);
    assert!(sees("https://a.example/", &[to(says("*")), says("*")]));
    assert!(!sees("https://a.example/", &[to(silent()), says("*")]));
    assert!(!sees("https://a.example/", &[to(says("*")), silent()]));
    assert!(sees("https://b.example/", &[silent()]));
    assert!(!sees("https://a.example/", &[silent()]));
}

#[test]
fn a_network_error_shows_no_time() {
    let refused = says("*").with("Cross-Origin-Resource-Policy", "same-origin");
    assert!(!sees("https://a.example/", &[refused]));
}
