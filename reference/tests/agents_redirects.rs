//! The redirects that an agent follows, and the redirected requests.

mod common;

use common::agents::{
    assert_effect, assert_effect_on_standard, fetch_trace, init_with, last_line, redirect_to, redirect_with,
};
use cors_reference::{
    agent::{Agent, Deviation::*, STANDARD, WEBKIT},
    request::{Mode, RedirectMode, RequestInit},
};

fn no_cors(init: RequestInit) -> RequestInit {
    RequestInit { mode: Mode::NoCors, ..init }
}

fn with_redirect_mode(redirect: RedirectMode) -> RequestInit {
    RequestInit { redirect, ..init_with("GET", &[]) }
}

/// Returns the statuses from 299 to 400 that an agent follows to another URL.
fn followed(agent: Agent) -> Vec<u16> {
    let goes =
        |status: &u16| fetch_trace(agent, "b/1", &init_with("GET", &[]), &[redirect_to(*status, "b/2")]).len() == 3;
    (299..=400).filter(goes).collect()
}

#[test]
fn every_3xx_except_300_304_305_and_306_redirects() {
    let any = (301..=399).filter(|status| !matches!(status, 304..=306)).collect();
    assert_effect(Any3xxRedirects, followed, vec![301, 302, 303, 307, 308], any);
}

#[test]
fn a_309_without_a_location_is_read() {
    for locations in [&[][..], &[""]] {
        let read = |agent| fetch_trace(agent, "b/1", &init_with("GET", &[]), &[redirect_with(309, locations)]);
        let is_read = || vec!["GET b/1 from own".to_owned(), "Readable 309 by cors-check/5".to_owned()];
        assert_effect_on_standard(Any3xxRedirects, read, is_read(), is_read());
        assert_eq!(read(WEBKIT), is_read());
    }
}

#[test]
fn a_309_is_a_redirect_in_redirect_modes_error_and_manual() {
    let outcome =
        |redirect| move |agent| last_line(agent, "b/1", &with_redirect_mode(redirect), &[redirect_to(309, "b/2")]);
    let read = || "Readable 309 by cors-check/5".to_owned();
    assert_effect(Any3xxRedirects, outcome(RedirectMode::Error), read(), "NetworkError by http-fetch/6.3".to_owned());
    assert_effect(
        Any3xxRedirects,
        outcome(RedirectMode::Manual),
        read(),
        "OpaqueRedirect 0 by http-fetch/6.3".to_owned(),
    );
}

#[test]
fn a_309_keeps_the_method() {
    let sent = fetch_trace(WEBKIT, "own/1", &init_with("POST", &[]), &[redirect_to(309, "own/2")]);
    assert_eq!(sent[..2], ["POST own/1 from own", "POST own/2 from own"]);
}

#[test]
fn delete_becomes_get_when_it_is_redirected_to_another_origin() {
    for status in [301, 302, 307, 308] {
        let sent = |agent| fetch_trace(agent, "own/1", &init_with("DELETE", &[]), &[redirect_to(status, "b/2")]);
        let standard = ["DELETE own/1 from own", "OPTIONS b/2 from own for DELETE", "DELETE b/2 from own"];
        let deviating = ["DELETE own/1 from own", "GET b/2 from own"];
        let read = "Readable 200 by cors-check/5";
        let lines = |sent: &[&str]| sent.iter().chain([&read]).map(|line| (*line).to_owned()).collect::<Vec<_>>();
        assert_effect(DeleteBecomesGetAcrossOrigins, sent, lines(&standard), lines(&deviating));
    }
}

#[test]
fn delete_within_the_origin_and_put_keep_their_method() {
    for status in [301, 302, 307, 308] {
        for agent in [STANDARD, WEBKIT] {
            let deleted = fetch_trace(agent, "own/1", &init_with("DELETE", &[]), &[redirect_to(status, "own/2")]);
            assert_eq!(deleted[1], "DELETE own/2 from own");
            let put = fetch_trace(agent, "own/1", &init_with("PUT", &[]), &[redirect_to(status, "b/2")]);
            assert_eq!(put[1..3], ["OPTIONS b/2 from own for PUT", "PUT b/2 from own"]);
        }
    }
}

#[test]
fn a_303_changes_delete_to_get_in_every_agent() {
    for agent in [STANDARD, WEBKIT] {
        for (next, line) in [("own/2", "GET own/2"), ("b/2", "GET b/2 from own")] {
            let sent = fetch_trace(
                agent.without(OriginStaysWithinOrigin),
                "own/1",
                &init_with("DELETE", &[]),
                &[redirect_to(303, next)],
            );
            assert_eq!(sent[1], line, "{}", agent.name);
        }
    }
}

#[test]
fn a_delete_that_becomes_get_loses_its_body_headers() {
    let init = RequestInit { body: Some("text".into()), ..init_with("DELETE", &[("Content-Type", "text/html")]) };
    let sent = |agent| fetch_trace(agent, "own/1", &init, &[redirect_to(307, "b/2")])[1].clone();
    let standard = "OPTIONS b/2 from own for DELETE with content-type".to_owned();
    assert_effect_on_standard(DeleteBecomesGetAcrossOrigins, sent, standard, "GET b/2 from own".to_owned());
}

#[test]
fn a_request_with_an_origin_header_keeps_it_within_one_origin() {
    for init in [init_with("POST", &[]), no_cors(init_with("POST", &[]))] {
        let sent = |agent| {
            fetch_trace(agent, "own/1", &init, &[redirect_to(302, "own/2"), redirect_to(302, "own/3")])[1..3].to_vec()
        };
        let with = |end: &str| vec![format!("GET own/2{end}"), format!("GET own/3{end}")];
        assert_effect(OriginStaysWithinOrigin, sent, with(""), with(" from own"));
    }
}

#[test]
fn an_origin_header_is_not_added_to_a_get_and_not_kept_across_origins() {
    let sent = |method, answers: &[_]| {
        let mut lines = fetch_trace(WEBKIT, "own/1", &no_cors(init_with(method, &[])), answers);
        lines.pop();
        lines.pop().unwrap()
    };
    assert_eq!(sent("GET", &[redirect_to(302, "own/2")]), "GET own/2");
    assert_eq!(sent("POST", &[redirect_to(302, "b/2")]), "GET b/2");
    assert_eq!(sent("POST", &[redirect_to(302, "own/2"), redirect_to(302, "b/3")]), "GET b/3");
    assert_eq!(sent("POST", &[redirect_to(302, "own/2"), redirect_to(302, "b/3"), redirect_to(302, "b/4")]), "GET b/4");
}

#[test]
fn the_origin_of_a_no_cors_post_is_null_after_a_cross_origin_redirect() {
    let init = no_cors(init_with("POST", &[]));
    let sent = |agent| {
        fetch_trace(
            agent,
            "own/1",
            &init,
            &[redirect_to(307, "own/2"), redirect_to(307, "b/3"), redirect_to(307, "b/4")],
        )
    };
    let lines = |origin: &str| {
        let post = |url: &str, origin: &str| format!("POST {url} from {origin}");
        let posts = [post("own/1", "own"), post("own/2", "own"), post("b/3", origin), post("b/4", origin)];
        posts.into_iter().chain(["Opaque 0 by main-fetch/12".to_owned()]).collect::<Vec<_>>()
    };
    assert_effect(NoCorsRedirectsHideOrigin, sent, lines("own"), lines("null"));
}

#[test]
fn a_cross_origin_redirect_hides_the_origin_only_in_no_cors_mode() {
    let sent = |agent| fetch_trace(agent, "own/1", &init_with("POST", &[]), &[redirect_to(307, "b/2")])[1].clone();
    assert_effect_on_standard(NoCorsRedirectsHideOrigin, sent, "POST b/2 from own".into(), "POST b/2 from own".into());
}
