//! What does an agent make of a `Location`, in each redirect mode?

mod common;

use common::agents::{alone, decides, end, fetch, located, only, to, walk};
use cors_reference::{
    agent::{Agent, CHROMIUM, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    request::{
        Mode,
        RedirectMode::{self, Error, Follow, Manual},
        RequestInit,
    },
    response::Response,
};

fn by(redirect: RedirectMode) -> RequestInit {
    RequestInit { redirect, ..fetch("GET", &[]) }
}

/// What ends a fetch of another origin whose first answer is this.
fn ended(redirect: RedirectMode, answer: Response) -> impl Fn(Agent) -> String {
    move |agent| end(agent, "b/1", &by(redirect), std::slice::from_ref(&answer))
}

const READ: &str = "Readable 200 by cors-check/5";
const READ_302: &str = "Readable 302 by cors-check/5";
const HIDDEN: &str = "OpaqueRedirect 0 by http-fetch/6.3";
const REFUSED: &str = "NetworkError by http-fetch/6.3";
const FAILURE: &str = "NetworkError by http-redirect-fetch/5";
const NOT_HTTP: &str = "NetworkError by http-redirect-fetch/6";
const NETWORK: &str = "NetworkError by http-network-fetch/8.5";

#[test]
fn an_empty_location_leads_to_the_url_itself_or_nowhere_or_fails() {
    let went = |agent| walk(agent, "b/1", &by(Follow), &[located(302, &[""])])[1..].to_vec();
    let again = vec!["GET b/1 from own".to_owned(), READ.to_owned()];
    decides(EmptyLocationIsNone, went, again.clone(), vec![READ_302.to_owned()]);
    decides(EmptyLocationFails, went, again, vec![FAILURE.to_owned()]);
}

#[test]
fn an_empty_location_is_hidden_by_manual_and_by_error_read_or_refused() {
    for agent in [STANDARD, CHROMIUM, FIREFOX, WEBKIT, only(&[EmptyLocationFails]), only(&[EmptyLocationIsNone])] {
        assert_eq!(ended(Manual, located(302, &[""]))(agent), HIDDEN);
        let by_error = if agent.has(ErrorNeedsLocation) { READ_302 } else { REFUSED };
        assert_eq!(ended(Error, located(302, &[""]))(agent), by_error);
    }
}

#[test]
fn a_location_that_is_not_empty_is_not_touched_by_rows_on_empty_ones() {
    for deviation in [EmptyLocationIsNone, EmptyLocationFails, EqualLocationsAreOne, DifferentLocationsFail] {
        alone(deviation, ended(Follow, located(302, &["/2"])), READ.to_owned(), READ.to_owned());
    }
}

#[test]
fn equal_locations_are_one_however_many() {
    for locations in [&["/2", "/2"][..], &["/2", "/2", "/2"]] {
        decides(EqualLocationsAreOne, ended(Follow, located(302, locations)), FAILURE.into(), READ.into());
    }
}

#[test]
fn different_locations_are_not_one_though_some_be_equal() {
    for locations in [&["/2", "/3"][..], &["/2", "/2", "/3"], &["/2", "/3", "/2"], &["/2", "/2/"], &["/b", "/B"]] {
        alone(EqualLocationsAreOne, ended(Follow, located(302, locations)), FAILURE.into(), FAILURE.into());
    }
}

#[test]
fn different_locations_fail_in_every_redirect_mode() {
    for (redirect, standard) in [(Follow, FAILURE), (Error, REFUSED)] {
        for locations in [&["/2", "/3"][..], &["", "/3"], &["/2", "/2", "/3"]] {
            decides(DifferentLocationsFail, ended(redirect, located(302, locations)), standard.into(), NETWORK.into());
        }
    }
    // An agent that parses it under `manual` fails there by the one or by the other.
    let manual = ended(Manual, located(302, &["/2", "/3"]));
    alone(DifferentLocationsFail, &manual, HIDDEN.into(), NETWORK.into());
    assert_eq!(manual(FIREFOX), NETWORK);
    assert_eq!(manual(FIREFOX.without(DifferentLocationsFail)), HIDDEN);
    assert_eq!(manual(CHROMIUM), NETWORK);
    assert_eq!(manual(CHROMIUM.without(DifferentLocationsFail)), FAILURE);
}

#[test]
fn different_locations_fail_without_a_redirect_and_in_a_preflight_too() {
    let read = |status| format!("Readable {status} by cors-check/5");
    for status in [200, 300, 404] {
        let answer = located(status, &["/2", "/3"]);
        decides(DifferentLocationsFail, ended(Follow, answer), read(status), NETWORK.into());
    }
    let preflighted = |agent| {
        let mut browser = cors_reference::fetch::Browser::new(agent);
        let page = common::PAGE;
        let answer = common::agents::grant("PUT", "", "0").with("Location", "/2").with("Location", "/3");
        common::drive(&mut browser, page, common::API, &fetch("PUT", &[]), 0, |_| answer.clone()).reason()
    };
    decides(DifferentLocationsFail, preflighted, "cors-check/5".into(), "http-network-fetch/8.5".into());
}

#[test]
fn equal_locations_do_not_fail_as_different_ones_do() {
    for answer in [located(200, &["/2", "/2"]), located(404, &["", ""])] {
        let read = format!("Readable {} by cors-check/5", answer.status);
        alone(DifferentLocationsFail, ended(Follow, answer), read.clone(), read);
    }
}

#[test]
fn credentials_in_a_location_fail_at_home_and_in_no_cors_mode() {
    let refused = "NetworkError by http-redirect-fetch/9";
    for location in ["https://u@app.example/2", "https://u:p@app.example/2", "https://:p@app.example/2"] {
        for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
            let init = RequestInit { mode, ..fetch("GET", &[]) };
            let home = |agent| end(agent, "own/1", &init, &[to(302, location)]);
            decides(LocationCredentialsFail, home, "Readable 200 by main-fetch/12".into(), refused.into());
        }
    }
    let no_cors = RequestInit { mode: Mode::NoCors, ..fetch("GET", &[]) };
    let away = |agent| end(agent, "own/1", &no_cors, &[to(302, "https://u:p@b.example/2")]);
    decides(LocationCredentialsFail, away, "Opaque 0 by main-fetch/12".into(), refused.into());
}

#[test]
fn credentials_in_a_location_back_home_fail_one_step_earlier() {
    let back = |agent| end(agent, "b/1", &by(Follow), &[to(302, "https://u:p@app.example/2")]);
    let [standard, deviating] = ["10", "9"].map(|step| format!("NetworkError by http-redirect-fetch/{step}"));
    decides(LocationCredentialsFail, back, standard, deviating);
}

#[test]
fn a_location_without_credentials_does_not_fail_for_them() {
    let home = |agent| end(agent, "own/1", &by(Follow), &[to(302, "https://@app.example/2")]);
    let read = || "Readable 200 by main-fetch/12".to_owned();
    alone(LocationCredentialsFail, home, read(), read());
}

#[test]
fn manual_fails_on_a_location_that_does_not_parse() {
    for bad in ["https://", "https://[", "https://b.example:99999/"] {
        decides(ManualParsesLocation, ended(Manual, located(302, &[bad])), HIDDEN.into(), FAILURE.into());
    }
    alone(ManualParsesLocation, ended(Manual, located(302, &["/2", "/2"])), HIDDEN.into(), FAILURE.into());
    assert_eq!(ended(Manual, located(302, &["/2", "/2"]))(CHROMIUM), HIDDEN);
    assert_eq!(ended(Manual, located(302, &["/2", "/2"]))(CHROMIUM.without(EqualLocationsAreOne)), FAILURE);
}

#[test]
fn manual_hides_a_location_that_parses_wherever_it_leads() {
    for answer in [located(302, &[]), located(302, &["/2"]), located(302, &["mailto:a@b"]), located(302, &["ftp://b/"])]
    {
        alone(ManualParsesLocation, ended(Manual, answer.clone()), HIDDEN.into(), HIDDEN.into());
        assert_eq!(ended(Manual, answer)(CHROMIUM), HIDDEN);
    }
}

#[test]
fn manual_fails_on_ftp() {
    for location in ["ftp://b.example/", "FTP://b.example/"] {
        decides(ManualRefusesFtp, ended(Manual, located(302, &[location])), HIDDEN.into(), NOT_HTTP.into());
    }
}

#[test]
fn manual_fails_on_no_scheme_but_ftp() {
    for location in ["/ftp", "ftps://b.example/", "data:,", "mailto:a@b", "https://"] {
        alone(ManualRefusesFtp, ended(Manual, located(302, &[location])), HIDDEN.into(), HIDDEN.into());
    }
}

#[test]
fn ftp_is_followed_by_nobody() {
    for agent in [STANDARD, CHROMIUM, FIREFOX, WEBKIT] {
        assert_eq!(ended(Follow, located(302, &["ftp://b.example/"]))(agent), NOT_HTTP);
        assert_eq!(ended(Error, located(302, &["ftp://b.example/"]))(agent), REFUSED);
    }
}

#[test]
fn error_reads_a_redirect_that_leads_nowhere() {
    for locations in [&[][..], &[""], &["", ""]] {
        decides(ErrorNeedsLocation, ended(Error, located(302, locations)), REFUSED.into(), READ_302.into());
    }
}

#[test]
fn error_refuses_a_redirect_that_leads_somewhere_or_fails_to() {
    for locations in [&["/2"][..], &["https://"], &["/2", "/2"], &["", "/2"]] {
        alone(ErrorNeedsLocation, ended(Error, located(302, locations)), REFUSED.into(), REFUSED.into());
    }
}

#[test]
fn follow_and_manual_do_not_ask_for_a_location_first() {
    alone(ErrorNeedsLocation, ended(Follow, located(302, &[""])), READ.into(), READ.into());
    alone(ErrorNeedsLocation, ended(Manual, located(302, &[])), HIDDEN.into(), HIDDEN.into());
}
