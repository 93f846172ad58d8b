//! Does the CORS check decide at the step, and for the value, that the standard says?

mod common;

use common::{API, PAGE, init, request_of, response};
use cors_reference::{
    cors_check::cors_check,
    header::HeaderValue,
    request::{
        CredentialsMode::{self, Include, Omit, SameOrigin},
        Request, RequestInit,
    },
    response::Response,
};

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";
const ALLOW_CREDENTIALS: &str = "Access-Control-Allow-Credentials";
const MODES: [CredentialsMode; 3] = [Omit, SameOrigin, Include];

type Returned = Result<&'static str, &'static str>;

fn returned(request: &Request, response: &Response) -> Returned {
    cors_check(request, response).map(|step| step.number).map_err(|step| step.number)
}

fn from(page: &str, credentials: CredentialsMode) -> Request {
    request_of(page, API, &RequestInit { credentials, ..init("GET") })
}

/// What the check returns for these lines of `Access-Control-Allow-Origin`, beside an
/// `Access-Control-Allow-Credentials` of `true`.
fn for_origins(page: &str, credentials: CredentialsMode, lines: &[&str]) -> Returned {
    let response = Response::new(200).with(ALLOW_CREDENTIALS, "true");
    let response = lines.iter().fold(response, |response, line| response.with(ALLOW_ORIGIN, line));
    returned(&from(page, credentials), &response)
}

/// What the check returns for these lines of `Access-Control-Allow-Credentials`, beside the right
/// `Access-Control-Allow-Origin`.
fn for_credentials(credentials: CredentialsMode, lines: &[&str]) -> Returned {
    let mut response = Response::new(200).with(ALLOW_ORIGIN, PAGE);
    for line in lines {
        response = response.with(ALLOW_CREDENTIALS, line);
    }
    returned(&from(PAGE, credentials), &response)
}

#[track_caller]
fn fails_at_4(lines: &[&str]) {
    for mode in MODES {
        assert_eq!(for_origins(PAGE, mode, lines), Err("4"), "{lines:?} {mode:?}");
    }
}

#[test]
fn no_allow_origin_fails_in_every_credentials_mode() {
    for mode in MODES {
        assert_eq!(for_origins(PAGE, mode, &[]), Err("2"), "{mode:?}");
    }
}

#[test]
fn an_empty_allow_origin_is_a_value_and_not_the_origin() {
    for empty in ["", " ", "\t \t"] {
        fails_at_4(&[empty]);
    }
}

#[test]
fn the_wildcard_is_for_fetches_without_credentials() {
    for page in [PAGE, "null", "http://localhost:3000"] {
        assert_eq!(for_origins(page, Omit, &["*"]), Ok("3"), "{page}");
        assert_eq!(for_origins(page, SameOrigin, &["*"]), Ok("3"), "{page}");
        assert_eq!(for_origins(page, Include, &["*"]), Err("4"), "{page}");
    }
}

#[test]
fn the_origin_itself_passes_and_credentials_need_their_own_leave() {
    let response = Response::new(200).with(ALLOW_ORIGIN, PAGE);
    assert_eq!(returned(&from(PAGE, Omit), &response), Ok("5"));
    assert_eq!(returned(&from(PAGE, SameOrigin), &response), Ok("5"));
    assert_eq!(returned(&from(PAGE, Include), &response), Err("8"));
    assert_eq!(returned(&from(PAGE, Include), &response.with(ALLOW_CREDENTIALS, "true")), Ok("7"));
}

#[test]
fn the_origin_is_compared_byte_for_byte() {
    let near = "https://app.example/ https://app.example:443 https://app.example:8443 \
        https://app.example. https://APP.example HTTPS://app.example http://app.example \
        https://x.app.example https://xapp.example https://app.example.evil.example \
        https://user@app.example https://app.example/path https://*.example https://* \
        //app.example app.example null \"https://app.example\" 'https://app.example' \
        <https://app.example> \"*\" ** https://app.example\u{e9}";
    for near in near.split(' ') {
        fails_at_4(&[near]);
    }
}

#[test]
fn a_list_of_origins_is_no_origin() {
    let lists = "https://app.example, https://app.example|https://app.example,https://b.example|\
        https://app.example https://b.example|https://app.example,|,https://app.example|\
        https://app.example;|*, https://app.example|*, *|*,";
    for list in lists.split('|') {
        fails_at_4(&[list]);
    }
}

#[test]
fn a_repeated_allow_origin_fails_even_if_each_alone_would_pass() {
    for lines in [[PAGE, PAGE], ["*", "*"], ["*", PAGE], [PAGE, "*"], [PAGE, "https://b.example"]] {
        fails_at_4(&lines);
    }
}

#[test]
fn an_empty_line_beside_the_right_one_fails() {
    for lines in [[PAGE, ""], ["", PAGE], ["", "*"], ["*", ""]] {
        fails_at_4(&lines);
    }
}

#[test]
fn header_names_are_one_whatever_their_case() {
    let one = response(200, &[("access-control-allow-origin", PAGE)]);
    assert_eq!(returned(&from(PAGE, Omit), &one), Ok("5"));
    let two = response(200, &[(ALLOW_ORIGIN, PAGE), ("ACCESS-CONTROL-ALLOW-ORIGIN", PAGE)]);
    assert_eq!(returned(&from(PAGE, Omit), &two), Err("4"));
}

#[test]
fn tabs_and_spaces_around_a_value_are_not_part_of_it() {
    assert_eq!(for_origins(PAGE, Omit, &[" \t*\t "]), Ok("3"));
    assert_eq!(for_origins(PAGE, Omit, &["\thttps://app.example "]), Ok("5"));
    assert_eq!(for_credentials(Include, &["\t true \t"]), Ok("7"));
}

#[test]
fn other_white_space_is_part_of_a_value() {
    for space in ["\u{b}", "\u{c}", "\u{a0}", "\u{2003}", "\u{feff}"] {
        fails_at_4(&[&format!("*{space}")]);
        fails_at_4(&[&format!("{space}{PAGE}")]);
        assert_eq!(for_credentials(Include, &[&format!("true{space}")]), Err("8"), "{space:?}");
    }
}

#[test]
fn bytes_that_are_no_utf_8_only_differ() {
    let mut response = Response::new(200);
    let value = HeaderValue::from_wire(b"https://app.example\xff");
    response.headers.append(ALLOW_ORIGIN.parse().expect("a token"), value);
    assert_eq!(returned(&from(PAGE, Omit), &response), Err("4"));
}

#[test]
fn allow_credentials_is_exactly_true() {
    assert_eq!(for_credentials(Include, &["true"]), Ok("7"));
    let not_true = "|True|TRUE|tRue|true, true|true,|,true|true;|true;q=1|\"true\"|'true'|*|1|?1|\
        yes|false|null|https://app.example|t rue|truee|tru";
    for not_true in not_true.split('|') {
        assert_eq!(for_credentials(Include, &[not_true]), Err("8"), "{not_true:?}");
    }
}

#[test]
fn a_repeated_allow_credentials_fails() {
    for lines in [["true", "true"], ["true", ""], ["", "true"], ["true", "false"]] {
        assert_eq!(for_credentials(Include, &lines), Err("8"), "{lines:?}");
    }
}

#[test]
fn allow_credentials_is_not_looked_at_without_credentials() {
    for lines in [&[][..], &["false"], &["TRUE"], &["true", "true"]] {
        assert_eq!(for_credentials(Omit, lines), Ok("5"), "{lines:?}");
        assert_eq!(for_credentials(SameOrigin, lines), Ok("5"), "{lines:?}");
    }
}

#[test]
fn an_opaque_origin_is_null_in_lower_case() {
    assert_eq!(for_origins("null", Omit, &["null"]), Ok("5"));
    assert_eq!(for_origins("null", Include, &["null"]), Ok("7"));
    for not_null in "Null|NULL||\"null\"|null, null|file://|none|https://app.example".split('|') {
        assert_eq!(for_origins("null", Omit, &[not_null]), Err("4"), "{not_null:?}");
    }
}

#[test]
fn a_port_that_is_not_the_default_belongs_to_the_origin() {
    for host in ["http://localhost", "http://[::1]", "https://app.example"] {
        let page = format!("{host}:3000");
        assert_eq!(for_origins(&page, Omit, &[&page]), Ok("5"));
        assert_eq!(for_origins(&page, Omit, &[host]), Err("4"));
    }
}

#[test]
fn a_tainted_request_is_null_and_no_longer_its_page() {
    let mut request = from(PAGE, Omit);
    request.append_url("https://third.example/".parse().expect("a URL"));
    assert_eq!(returned(&request, &response(200, &[(ALLOW_ORIGIN, PAGE)])), Err("4"));
    assert_eq!(returned(&request, &response(200, &[(ALLOW_ORIGIN, "null")])), Ok("5"));
    assert_eq!(returned(&request, &response(200, &[(ALLOW_ORIGIN, "*")])), Ok("3"));
}

#[test]
fn the_status_does_not_matter() {
    for status in [200, 204, 302, 304, 404, 500, 599] {
        assert_eq!(returned(&from(PAGE, Omit), &response(status, &[(ALLOW_ORIGIN, "*")])), Ok("3"));
    }
}
