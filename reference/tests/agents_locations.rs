//! The effect of `Location` in each redirect mode.

mod common;

use common::agents::{
    assert_effect, assert_effect_on_standard, fetch_trace, init_with, last_line, redirect_to, redirect_with,
    with_deviations,
};
use cors_reference::{
    agent::{Agent, CHROMIUM, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    request::{
        Mode,
        RedirectMode::{self, Error, Follow, Manual},
        RequestInit,
    },
    response::Response,
};

fn with_redirect_mode(redirect: RedirectMode) -> RequestInit {
    RequestInit { redirect, ..init_with("GET", &[]) }
}

/// Returns the outcome of a fetch of another origin whose first response is `answer`.
fn outcome(redirect: RedirectMode, answer: Response) -> impl Fn(Agent) -> String {
    move |agent| last_line(agent, "b/1", &with_redirect_mode(redirect), std::slice::from_ref(&answer))
}

const READ: &str = "Readable 200 by cors-check/5";
const READ_302: &str = "Readable 302 by cors-check/5";
const HIDDEN: &str = "OpaqueRedirect 0 by http-fetch/6.3";
const REFUSED: &str = "NetworkError by http-fetch/6.3";
const FAILURE: &str = "NetworkError by http-redirect-fetch/5";
const NOT_HTTP: &str = "NetworkError by http-redirect-fetch/6";
const NETWORK: &str = "NetworkError by http-network-fetch/8.5";

#[test]
fn an_empty_location_leads_to_the_same_url_or_is_ignored_or_fails() {
    let trace =
        |agent| fetch_trace(agent, "b/1", &with_redirect_mode(Follow), &[redirect_with(302, &[""])])[1..].to_vec();
    let again = vec!["GET b/1 from own".to_owned(), READ.to_owned()];
    assert_effect(EmptyLocationIsNone, trace, again.clone(), vec![READ_302.to_owned()]);
    assert_effect(EmptyLocationFails, trace, again, vec![FAILURE.to_owned()]);
}

#[test]
fn an_empty_location_in_redirect_modes_manual_and_error() {
    for agent in [
        STANDARD,
        CHROMIUM,
        FIREFOX,
        WEBKIT,
        with_deviations(&[EmptyLocationFails]),
        with_deviations(&[EmptyLocationIsNone]),
    ] {
        assert_eq!(outcome(Manual, redirect_with(302, &[""]))(agent), HIDDEN);
        let in_mode_error = if agent.has(ErrorNeedsLocation) { READ_302 } else { REFUSED };
        assert_eq!(outcome(Error, redirect_with(302, &[""]))(agent), in_mode_error);
    }
}

#[test]
fn a_single_location_with_a_value_is_followed() {
    for deviation in [EmptyLocationIsNone, EmptyLocationFails, EqualLocationsAreOne, DifferentLocationsFail] {
        assert_effect_on_standard(
            deviation,
            outcome(Follow, redirect_with(302, &["/2"])),
            READ.to_owned(),
            READ.to_owned(),
        );
    }
}

#[test]
fn equal_locations_count_as_one() {
    for locations in [&["/2", "/2"][..], &["/2", "/2", "/2"]] {
        assert_effect(
            EqualLocationsAreOne,
            outcome(Follow, redirect_with(302, locations)),
            FAILURE.into(),
            READ.into(),
        );
    }
}

#[test]
fn different_locations_fail_even_if_some_are_equal() {
    for locations in [&["/2", "/3"][..], &["/2", "/2", "/3"], &["/2", "/3", "/2"], &["/2", "/2/"], &["/b", "/B"]] {
        assert_effect_on_standard(
            EqualLocationsAreOne,
            outcome(Follow, redirect_with(302, locations)),
            FAILURE.into(),
            FAILURE.into(),
        );
    }
}

#[test]
fn different_locations_fail_in_every_redirect_mode() {
    for (redirect, standard) in [(Follow, FAILURE), (Error, REFUSED)] {
        for locations in [&["/2", "/3"][..], &["", "/3"], &["/2", "/2", "/3"]] {
            assert_effect(
                DifferentLocationsFail,
                outcome(redirect, redirect_with(302, locations)),
                standard.into(),
                NETWORK.into(),
            );
        }
    }
    // Chromium parses the location in redirect mode `manual`, so it fails without the deviation too.
    let manual = outcome(Manual, redirect_with(302, &["/2", "/3"]));
    assert_effect_on_standard(DifferentLocationsFail, &manual, HIDDEN.into(), NETWORK.into());
    assert_eq!(manual(FIREFOX), NETWORK);
    assert_eq!(manual(FIREFOX.without(DifferentLocationsFail)), HIDDEN);
    assert_eq!(manual(CHROMIUM), NETWORK);
    assert_eq!(manual(CHROMIUM.without(DifferentLocationsFail)), FAILURE);
}

#[test]
fn different_locations_fail_in_other_responses_and_in_preflights() {
    let read = |status| format!("Readable {status} by cors-check/5");
    for status in [200, 300, 404] {
        let answer = redirect_with(status, &["/2", "/3"]);
        assert_effect(DifferentLocationsFail, outcome(Follow, answer), read(status), NETWORK.into());
    }
    let preflighted = |agent| {
        let mut browser = cors_reference::fetch::Browser::new(agent);
        let page = common::PAGE;
        let answer = common::agents::grant("PUT", "", "0").with("Location", "/2").with("Location", "/3");
        common::drive(&mut browser, page, common::API, &init_with("PUT", &[]), 0, |_| answer.clone()).reason()
    };
    assert_effect(DifferentLocationsFail, preflighted, "cors-check/5".into(), "http-network-fetch/8.5".into());
}

#[test]
fn equal_locations_do_not_count_as_different() {
    for answer in [redirect_with(200, &["/2", "/2"]), redirect_with(404, &["", ""])] {
        let read = format!("Readable {} by cors-check/5", answer.status);
        assert_effect_on_standard(DifferentLocationsFail, outcome(Follow, answer), read.clone(), read);
    }
}

#[test]
fn credentials_in_a_location_fail_within_the_origin_and_in_no_cors_mode() {
    let refused = "NetworkError by http-redirect-fetch/9";
    for location in ["https://u@app.example/2", "https://u:p@app.example/2", "https://:p@app.example/2"] {
        for mode in [Mode::Cors, Mode::NoCors, Mode::SameOrigin] {
            let init = RequestInit { mode, ..init_with("GET", &[]) };
            let within_origin = |agent| last_line(agent, "own/1", &init, &[redirect_to(302, location)]);
            assert_effect(
                LocationCredentialsFail,
                within_origin,
                "Readable 200 by main-fetch/12".into(),
                refused.into(),
            );
        }
    }
    let no_cors = RequestInit { mode: Mode::NoCors, ..init_with("GET", &[]) };
    let cross_origin = |agent| last_line(agent, "own/1", &no_cors, &[redirect_to(302, "https://u:p@b.example/2")]);
    assert_effect(LocationCredentialsFail, cross_origin, "Opaque 0 by main-fetch/12".into(), refused.into());
}

#[test]
fn credentials_in_a_location_back_to_the_page_fail_one_step_earlier() {
    let back =
        |agent| last_line(agent, "b/1", &with_redirect_mode(Follow), &[redirect_to(302, "https://u:p@app.example/2")]);
    let [standard, deviating] = ["10", "9"].map(|step| format!("NetworkError by http-redirect-fetch/{step}"));
    assert_effect(LocationCredentialsFail, back, standard, deviating);
}

#[test]
fn an_empty_user_in_a_location_does_not_fail() {
    let within_origin =
        |agent| last_line(agent, "own/1", &with_redirect_mode(Follow), &[redirect_to(302, "https://@app.example/2")]);
    let read = || "Readable 200 by main-fetch/12".to_owned();
    assert_effect_on_standard(LocationCredentialsFail, within_origin, read(), read());
}

#[test]
fn redirect_mode_manual_fails_on_a_location_that_does_not_parse() {
    for bad in ["https://", "https://[", "https://b.example:99999/"] {
        assert_effect(ManualParsesLocation, outcome(Manual, redirect_with(302, &[bad])), HIDDEN.into(), FAILURE.into());
    }
    assert_effect_on_standard(
        ManualParsesLocation,
        outcome(Manual, redirect_with(302, &["/2", "/2"])),
        HIDDEN.into(),
        FAILURE.into(),
    );
    assert_eq!(outcome(Manual, redirect_with(302, &["/2", "/2"]))(CHROMIUM), HIDDEN);
    assert_eq!(outcome(Manual, redirect_with(302, &["/2", "/2"]))(CHROMIUM.without(EqualLocationsAreOne)), FAILURE);
}

#[test]
fn redirect_mode_manual_hides_every_location_that_parses() {
    for answer in [
        redirect_with(302, &[]),
        redirect_with(302, &["/2"]),
        redirect_with(302, &["mailto:a@b"]),
        redirect_with(302, &["ftp://b/"]),
    ] {
        assert_effect_on_standard(ManualParsesLocation, outcome(Manual, answer.clone()), HIDDEN.into(), HIDDEN.into());
        assert_eq!(outcome(Manual, answer)(CHROMIUM), HIDDEN);
    }
}

#[test]
fn redirect_mode_manual_fails_on_ftp() {
    for location in ["ftp://b.example/", "FTP://b.example/"] {
        assert_effect(
            ManualRefusesFtp,
            outcome(Manual, redirect_with(302, &[location])),
            HIDDEN.into(),
            NOT_HTTP.into(),
        );
    }
}

#[test]
fn redirect_mode_manual_fails_on_ftp_only() {
    for location in ["/ftp", "ftps://b.example/", "data:,", "mailto:a@b", "https://"] {
        assert_effect_on_standard(
            ManualRefusesFtp,
            outcome(Manual, redirect_with(302, &[location])),
            HIDDEN.into(),
            HIDDEN.into(),
        );
    }
}

#[test]
fn no_agent_follows_a_redirect_to_ftp() {
    for agent in [STANDARD, CHROMIUM, FIREFOX, WEBKIT] {
        assert_eq!(outcome(Follow, redirect_with(302, &["ftp://b.example/"]))(agent), NOT_HTTP);
        assert_eq!(outcome(Error, redirect_with(302, &["ftp://b.example/"]))(agent), REFUSED);
    }
}

#[test]
fn redirect_mode_error_passes_a_redirect_without_a_location() {
    for locations in [&[][..], &[""], &["", ""]] {
        assert_effect(
            ErrorNeedsLocation,
            outcome(Error, redirect_with(302, locations)),
            REFUSED.into(),
            READ_302.into(),
        );
    }
}

#[test]
fn redirect_mode_error_refuses_a_redirect_with_a_location() {
    for locations in [&["/2"][..], &["https://"], &["/2", "/2"], &["", "/2"]] {
        assert_effect_on_standard(
            ErrorNeedsLocation,
            outcome(Error, redirect_with(302, locations)),
            REFUSED.into(),
            REFUSED.into(),
        );
    }
}

#[test]
fn redirect_modes_follow_and_manual_do_not_need_a_location() {
    assert_effect_on_standard(ErrorNeedsLocation, outcome(Follow, redirect_with(302, &[""])), READ.into(), READ.into());
    assert_effect_on_standard(
        ErrorNeedsLocation,
        outcome(Manual, redirect_with(302, &[])),
        HIDDEN.into(),
        HIDDEN.into(),
    );
}
