//! What may a script pass to `fetch()`, and what becomes of it?

mod common;

use common::{API, PAGE, get, headers, init, origin, request, run};
use cors_reference::{
    fetch::Verdict,
    header_list::HeaderList,
    request::{Mode, Request, RequestInit},
};

/// The step that throws, if one does.
fn thrown(url: &str, init: &RequestInit) -> Option<String> {
    Request::new(&origin(PAGE), url, init).err().map(|error| error.0.reason())
}

fn throws(init: &RequestInit) -> Option<String> {
    thrown(API, init)
}

fn with(mode: Mode, pairs: &[(&str, &str)]) -> RequestInit {
    RequestInit { mode, headers: headers(pairs), ..init("GET") }
}

/// The headers that are left of those that a script sets.
fn kept(mode: Mode, pairs: &[(&str, &str)]) -> HeaderList {
    request(&with(mode, pairs)).headers
}

fn step(number: &str) -> Option<String> {
    Some(format!("request-class/{number}"))
}

#[test]
fn a_script_error_sends_nothing() {
    let run = run(PAGE, API, &init("TRACE"), &[]);
    assert_eq!((run.verdict(), run.sent.len()), (Verdict::NetworkError, 0));
    assert_eq!((run.reason().as_str(), run.outcome.status), ("request-class/25.2", None));
}

#[test]
fn a_url_must_parse() {
    for url in ["", "/data", "//api.example/", "api.example", "https://", "https://a b/"] {
        assert_eq!(thrown(url, &init("GET")), step("5.2"), "{url:?}");
    }
}

#[test]
fn a_url_must_not_include_credentials() {
    for user in ["user@", "user:@", "user:pass@", ":pass@"] {
        let url = format!("https://{user}api.example/");
        assert_eq!(thrown(&url, &init("GET")), step("5.3"), "{url}");
    }
    for user in ["", "@", ":@"] {
        let url = format!("https://{user}api.example/");
        assert_eq!(thrown(&url, &init("GET")), None, "{url}");
    }
}

#[test]
fn a_method_must_be_a_token() {
    for method in ["", " ", "GET ", "G T", "GET\r\n", "GÉT", "GET/1", "(GET)", "G,T"] {
        assert_eq!(throws(&init(method)), step("25.2"), "{method:?}");
    }
    assert_eq!(throws(&init("!#$%&'*+-.^_`|~09azAZ")), None);
}

#[test]
fn three_methods_are_forbidden_in_any_case() {
    for method in ["CONNECT", "connect", "TRACE", "Trace", "TRACK", "tracK"] {
        assert_eq!(throws(&init(method)), step("25.2"), "{method}");
    }
}

#[test]
fn six_methods_are_upper_cased_and_no_other() {
    for (given, method) in [
        ("delete", "DELETE"),
        ("gEt", "GET"),
        ("Head", "HEAD"),
        ("options", "OPTIONS"),
        ("post", "POST"),
        ("pUT", "PUT"),
        ("patch", "patch"),
        ("Egg", "Egg"),
    ] {
        assert_eq!(request(&init(given)).method, method);
    }
}

#[test]
fn no_cors_mode_allows_three_methods() {
    for method in ["PUT", "DELETE", "OPTIONS", "PATCH", "patch"] {
        let init = RequestInit { mode: Mode::NoCors, ..init(method) };
        assert_eq!(throws(&init), step("32.1"), "{method}");
    }
    for method in ["get", "head", "post"] {
        let init = RequestInit { mode: Mode::NoCors, ..init(method) };
        assert_eq!(throws(&init), None, "{method}");
    }
}

#[test]
fn get_and_head_cannot_have_a_body() {
    for method in ["GET", "get", "HEAD"] {
        for body in ["", "text"] {
            let init = RequestInit { body: Some(body.to_owned()), ..init(method) };
            assert_eq!(throws(&init), step("35"), "{method} {body:?}");
        }
    }
}

#[test]
fn the_first_mistake_is_the_one_that_throws() {
    let init = RequestInit { body: Some(String::new()), ..with(Mode::NoCors, &[("X-A", "\0")]) };
    let of = |url, method: &str| thrown(url, &RequestInit { method: method.into(), ..init.clone() });
    assert_eq!(of("https://user@", "TRACE"), step("5.2"));
    assert_eq!(of("https://user@api.example/", "TRACE"), step("5.3"));
    assert_eq!(of(API, "TRACE"), step("25.2"));
    assert_eq!(of(API, "PUT"), step("32.1"));
    assert_eq!(of(API, "GET").as_deref(), Some("headers-class/1"));
}

#[test]
fn a_value_with_nul_or_newline_throws() {
    for value in ["a\0b", "\0", "a\rb", "a\nb", "a\r\nb"] {
        for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
            for name in ["X-A", "Cookie"] {
                let reason = throws(&with(mode, &[(name, value)]));
                assert_eq!(reason.as_deref(), Some("headers-class/1"), "{name} {value:?}");
            }
        }
    }
}

#[test]
fn white_space_around_a_value_is_taken_off() {
    for value in ["a", " a", "\ta\t", "\r\na\r\n", " \n \ta \r"] {
        assert_eq!(get(&kept(Mode::Cors, &[("X-A", value)]), "X-A").as_deref(), Some("a"));
    }
    for value in ["", " ", "\r\n"] {
        assert_eq!(get(&kept(Mode::Cors, &[("X-A", value)]), "X-A").as_deref(), Some(""));
    }
}

#[test]
fn other_control_bytes_are_sent() {
    let kept = kept(Mode::Cors, &[("X-A", "a\u{1}\u{b}\u{7f}b")]);
    assert_eq!(get(&kept, "X-A").as_deref(), Some("a\u{1}\u{b}\u{7f}b"));
}

#[test]
fn what_the_browser_sets_itself_a_script_may_not() {
    let names = "Accept-Charset Accept-Encoding Access-Control-Request-Headers \
        Access-Control-Request-Method Connection Content-Length Cookie Cookie2 Date DNT Expect Host \
        Keep-Alive Origin Referer Set-Cookie TE Trailer Transfer-Encoding Upgrade Via Proxy-X \
        Sec-Fetch-Site sec- PROXY- oRIGIN";
    for name in names.split(' ') {
        assert!(kept(Mode::Cors, &[(name, "x")]).is_empty(), "{name}");
    }
}

#[test]
fn any_other_header_is_a_scripts_own() {
    let names = "Accept Accept-Language Authorization Cache-Control User-Agent Range X-Forwarded-For \
        Proxy Second Access-Control-Allow-Origin Access-Control-Request-Private-Network";
    for name in names.split(' ') {
        assert_eq!(kept(Mode::Cors, &[(name, "x")]).len(), 1, "{name}");
    }
}

#[test]
fn a_method_override_to_a_forbidden_method_is_dropped() {
    for name in ["X-HTTP-Method", "x-http-method-override", "X-Method-Override"] {
        for (value, count) in [("TRACE", 0), ("PUT, track", 0), ("PUT", 1), ("\"TRACE\"", 1)] {
            assert_eq!(kept(Mode::Cors, &[(name, value)]).len(), count, "{name}: {value}");
        }
    }
}

#[test]
fn repeated_names_are_all_sent_in_the_case_of_the_first() {
    let kept = kept(Mode::Cors, &[("X-a", "1"), ("x-A", "2"), ("X-a", "1")]);
    let pairs = kept.iter().map(|(name, value)| format!("{name}: {value:?}"));
    assert_eq!(pairs.collect::<Vec<_>>(), ["X-a: \"1\"", "X-a: \"2\"", "X-a: \"1\""]);
}

#[test]
fn in_no_cors_mode_only_safelisted_headers_stay() {
    let pairs = [
        ("Accept", "text/html"),
        ("Content-Type", "text/plain"),
        ("accept-language", "en"),
        ("X-A", "1"),
        ("Authorization", "x"),
        ("Range", "bytes=0-"),
    ];
    let kept = kept(Mode::NoCors, &pairs);
    let names: Vec<_> = kept.iter().map(|(name, _)| name.as_str()).collect();
    assert_eq!(names, ["Accept", "Content-Type", "accept-language"]);
}

#[test]
fn in_no_cors_mode_an_unsafe_value_is_dropped() {
    for pair in [("Content-Type", "application/json"), ("Accept", "a:b"), ("Accept-Language", "@")] {
        assert!(kept(Mode::NoCors, &[pair]).is_empty(), "{pair:?}");
    }
}

#[test]
fn in_no_cors_mode_values_of_one_name_are_judged_together() {
    let long = "a".repeat(63);
    let kept = kept(Mode::NoCors, &[("Accept", &long), ("Accept", &long), ("Accept", "b")]);
    assert_eq!(get(&kept, "Accept"), Some(format!("{long}, {long}")));
}

#[test]
fn a_text_body_brings_its_content_type() {
    for mode in [Mode::Cors, Mode::NoCors] {
        let init = RequestInit { body: Some("é".to_owned()), mode, ..init("POST") };
        let request = request(&init);
        assert_eq!(request.body.as_deref(), Some("é".as_bytes()));
        let content_type = get(&request.headers, "Content-Type");
        assert_eq!(content_type.as_deref(), Some("text/plain;charset=UTF-8"));
    }
}

#[test]
fn a_scripts_own_content_type_stays() {
    let init = RequestInit {
        method: "POST".to_owned(),
        body: Some(String::new()),
        ..with(Mode::Cors, &[("content-type", "application/json")])
    };
    assert_eq!(request(&init).headers, init.headers);
}

#[test]
fn without_a_body_there_is_no_content_type() {
    assert!(request(&init("POST")).headers.is_empty());
}
