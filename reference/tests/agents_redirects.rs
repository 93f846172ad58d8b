//! Which redirects does an agent follow, and as what?

mod common;

use common::agents::{alone, decides, end, fetch, located, to, walk};
use cors_reference::{
    agent::{Agent, Deviation::*, STANDARD, WEBKIT},
    request::{Mode, RedirectMode, RequestInit},
};

fn no_cors(init: RequestInit) -> RequestInit {
    RequestInit { mode: Mode::NoCors, ..init }
}

fn by(redirect: RedirectMode) -> RequestInit {
    RequestInit { redirect, ..fetch("GET", &[]) }
}

/// The statuses from 299 to 400 by which an agent goes on to another URL.
fn followed(agent: Agent) -> Vec<u16> {
    let goes = |status: &u16| walk(agent, "b/1", &fetch("GET", &[]), &[to(*status, "b/2")]).len() == 3;
    (299..=400).filter(goes).collect()
}

#[test]
fn any_3xx_but_300_304_305_and_306_redirects() {
    let any = (301..=399).filter(|status| !matches!(status, 304..=306)).collect();
    decides(Any3xxRedirects, followed, vec![301, 302, 303, 307, 308], any);
}

#[test]
fn without_a_value_in_location_a_309_is_read_as_it_is() {
    for locations in [&[][..], &[""]] {
        let read = |agent| walk(agent, "b/1", &fetch("GET", &[]), &[located(309, locations)]);
        let as_it_is = || vec!["GET b/1 from own".to_owned(), "Readable 309 by cors-check/5".to_owned()];
        alone(Any3xxRedirects, read, as_it_is(), as_it_is());
        assert_eq!(read(WEBKIT), as_it_is());
    }
}

#[test]
fn a_309_is_what_redirect_mode_error_refuses_and_manual_hides() {
    let ended = |redirect| move |agent| end(agent, "b/1", &by(redirect), &[to(309, "b/2")]);
    let read = || "Readable 309 by cors-check/5".to_owned();
    decides(Any3xxRedirects, ended(RedirectMode::Error), read(), "NetworkError by http-fetch/6.3".to_owned());
    decides(Any3xxRedirects, ended(RedirectMode::Manual), read(), "OpaqueRedirect 0 by http-fetch/6.3".to_owned());
}

#[test]
fn a_309_changes_no_method() {
    let sent = walk(WEBKIT, "own/1", &fetch("POST", &[]), &[to(309, "own/2")]);
    assert_eq!(sent[..2], ["POST own/1 from own", "POST own/2 from own"]);
}

#[test]
fn delete_becomes_get_when_it_leaves_the_origin() {
    for status in [301, 302, 307, 308] {
        let sent = |agent| walk(agent, "own/1", &fetch("DELETE", &[]), &[to(status, "b/2")]);
        let standard = ["DELETE own/1 from own", "OPTIONS b/2 from own for DELETE", "DELETE b/2 from own"];
        let deviating = ["DELETE own/1 from own", "GET b/2 from own"];
        let read = "Readable 200 by cors-check/5";
        let lines = |sent: &[&str]| sent.iter().chain([&read]).map(|line| (*line).to_owned()).collect::<Vec<_>>();
        decides(DeleteBecomesGetAcrossOrigins, sent, lines(&standard), lines(&deviating));
    }
}

#[test]
fn delete_stays_delete_within_the_origin_and_put_stays_put() {
    for status in [301, 302, 307, 308] {
        for agent in [STANDARD, WEBKIT] {
            let deleted = walk(agent, "own/1", &fetch("DELETE", &[]), &[to(status, "own/2")]);
            assert_eq!(deleted[1], "DELETE own/2 from own");
            let put = walk(agent, "own/1", &fetch("PUT", &[]), &[to(status, "b/2")]);
            assert_eq!(put[1..3], ["OPTIONS b/2 from own for PUT", "PUT b/2 from own"]);
        }
    }
}

#[test]
fn a_303_makes_delete_a_get_for_everyone() {
    for agent in [STANDARD, WEBKIT] {
        for (next, line) in [("own/2", "GET own/2"), ("b/2", "GET b/2 from own")] {
            let sent = walk(agent.without(OriginStaysWithinOrigin), "own/1", &fetch("DELETE", &[]), &[to(303, next)]);
            assert_eq!(sent[1], line, "{}", agent.name);
        }
    }
}

#[test]
fn delete_that_becomes_get_loses_its_body_and_the_headers_about_it() {
    let init = RequestInit { body: Some("text".into()), ..fetch("DELETE", &[("Content-Type", "text/html")]) };
    let sent = |agent| walk(agent, "own/1", &init, &[to(307, "b/2")])[1].clone();
    let standard = "OPTIONS b/2 from own for DELETE with content-type".to_owned();
    alone(DeleteBecomesGetAcrossOrigins, sent, standard, "GET b/2 from own".to_owned());
}

#[test]
fn origin_stays_with_a_request_that_carried_it_while_it_stays_where_it_is() {
    for init in [fetch("POST", &[]), no_cors(fetch("POST", &[]))] {
        let sent = |agent| walk(agent, "own/1", &init, &[to(302, "own/2"), to(302, "own/3")])[1..3].to_vec();
        let with = |end: &str| vec![format!("GET own/2{end}"), format!("GET own/3{end}")];
        decides(OriginStaysWithinOrigin, sent, with(""), with(" from own"));
    }
}

#[test]
fn origin_does_not_come_to_a_get_nor_cross_to_another_origin() {
    let sent = |method, answers: &[_]| {
        let mut lines = walk(WEBKIT, "own/1", &no_cors(fetch(method, &[])), answers);
        lines.pop();
        lines.pop().unwrap()
    };
    assert_eq!(sent("GET", &[to(302, "own/2")]), "GET own/2");
    assert_eq!(sent("POST", &[to(302, "b/2")]), "GET b/2");
    assert_eq!(sent("POST", &[to(302, "own/2"), to(302, "b/3")]), "GET b/3");
    assert_eq!(sent("POST", &[to(302, "own/2"), to(302, "b/3"), to(302, "b/4")]), "GET b/4");
}

#[test]
fn a_no_cors_post_that_left_its_origin_is_from_null_ever_after() {
    let init = no_cors(fetch("POST", &[]));
    let sent = |agent| walk(agent, "own/1", &init, &[to(307, "own/2"), to(307, "b/3"), to(307, "b/4")]);
    let lines = |origin: &str| {
        let post = |url: &str, origin: &str| format!("POST {url} from {origin}");
        let posts = [post("own/1", "own"), post("own/2", "own"), post("b/3", origin), post("b/4", origin)];
        posts.into_iter().chain(["Opaque 0 by main-fetch/12".to_owned()]).collect::<Vec<_>>()
    };
    decides(NoCorsRedirectsHideOrigin, sent, lines("own"), lines("null"));
}

#[test]
fn only_no_cors_mode_hides_the_origin() {
    let sent = |agent| walk(agent, "own/1", &fetch("POST", &[]), &[to(307, "b/2")])[1].clone();
    alone(NoCorsRedirectsHideOrigin, sent, "POST b/2 from own".into(), "POST b/2 from own".into());
}
