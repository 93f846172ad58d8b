//! For how long does an agent keep a grant, and how does it read the lines that say so?

mod common;

use common::agents::{alone, decides, fetch, include, only};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, DEFAULT_MAX_AGE, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    request::Request,
    response::Response,
    user_agent::UserAgent,
};

const BELOW_63_BITS: u64 = (1 << 63) - 1;

/// The max-age by these lines.
fn age(lines: &[&str]) -> impl Fn(Agent) -> u64 {
    let with = |response: Response, line: &&str| response.with("Access-Control-Max-Age", line);
    let response = lines.iter().fold(Response::new(204), with);
    move |agent| agent.max_age(&response)
}

#[test]
fn without_a_line_or_without_a_value_it_is_5_for_everyone() {
    for agent in AGENTS {
        assert_eq!(age(&[])(*agent), DEFAULT_MAX_AGE);
        assert_eq!(age(&[""])(*agent), DEFAULT_MAX_AGE, "{}", agent.name);
    }
    assert_eq!(DEFAULT_MAX_AGE, 5);
}

#[test]
fn each_agent_has_its_limit_and_the_standard_none() {
    for (agent, limit) in [(CHROMIUM, 7_200), (FIREFOX, 86_400), (WEBKIT, 600)] {
        for (seconds, kept) in [(0, 0), (limit - 1, limit - 1), (limit, limit), (limit + 1, limit)] {
            assert_eq!(age(&[&seconds.to_string()])(agent), kept, "{}", agent.name);
        }
    }
    assert_eq!(age(&["86401"])(STANDARD), 86_401);
}

#[test]
fn a_negative_age_is_0() {
    for line in ["-1", "-0", "-600", "-99999999999999999999"] {
        decides(NegativeMaxAgeIsZero, age(&[line]), 5, 0);
    }
}

#[test]
fn a_minus_alone_or_before_what_is_no_number_is_no_negative_age() {
    for lines in [&["-"][..], &["--1"], &["-+1"], &["- 1"], &["-1.5"], &["1-"], &["-1", "-1"], &["1.5"]] {
        alone(NegativeMaxAgeIsZero, age(lines), 5, 5);
        assert_eq!(age(lines)(CHROMIUM), 5, "{lines:?}");
        assert_eq!(age(lines)(WEBKIT), 5, "{lines:?}");
    }
}

#[test]
fn an_age_may_begin_with_plus() {
    for (line, seconds) in [("+600", 600), ("+0", 0), ("+007", 7)] {
        decides(MaxAgeAllowsPlus, age(&[line]), 5, seconds);
    }
    assert_eq!(age(&["+9223372036854775807"])(only(&[MaxAgeAllowsPlus])), BELOW_63_BITS);
}

#[test]
fn a_plus_alone_or_twice_or_within_is_no_number() {
    for lines in [&["+"][..], &["++1"], &["+-1"], &["+ 1"], &["1+"], &["+1.5"], &["+1", "+1"]] {
        alone(MaxAgeAllowsPlus, age(lines), 5, 5);
        assert_eq!(age(lines)(CHROMIUM), 5, "{lines:?}");
    }
}

#[test]
fn an_age_of_63_bits_or_more_is_5() {
    for line in ["9223372036854775808", "18446744073709551616", "99999999999999999999999"] {
        let standard = line.parse().unwrap_or(u64::MAX);
        alone(MaxAgeBeyond63BitsIsDefault, age(&[line]), standard, 5);
        for (agent, limit) in [(CHROMIUM, 7_200), (WEBKIT, 600)] {
            assert_eq!(age(&[line])(agent), 5);
            assert_eq!(age(&[line])(agent.without(MaxAgeBeyond63BitsIsDefault)), limit);
        }
    }
}

#[test]
fn an_age_just_below_63_bits_is_as_long_as_the_limit() {
    let line = BELOW_63_BITS.to_string();
    alone(MaxAgeBeyond63BitsIsDefault, age(&[&line]), BELOW_63_BITS, BELOW_63_BITS);
    assert_eq!(age(&[&line])(CHROMIUM), 7_200);
    assert_eq!(age(&[&line])(WEBKIT), 600);
}

#[test]
fn an_age_that_does_not_parse_is_0() {
    for lines in [&["x"][..], &["1.5"], &["-1"], &["+1"], &["-"], &["+"], &["5, 5"], &["5", "5"], &["0x5"]] {
        decides(UnparsableMaxAgeIsZero, age(lines), 5, 0);
    }
    for (line, seconds) in [("0", 0), ("7", 7), ("", 5)] {
        alone(UnparsableMaxAgeIsZero, age(&[line]), seconds, seconds);
    }
}

#[test]
fn lines_without_a_value_are_left_out_before_the_age_is_read() {
    for lines in [&["", "600"][..], &["600", ""], &["", "600", ""]] {
        alone(SkipsEmptyLines, age(lines), 5, 600);
        assert_eq!(age(lines)(FIREFOX), 600);
        // Without that, they do not parse.
        assert_eq!(age(lines)(FIREFOX.without(SkipsEmptyLines)), 0);
    }
}

#[test]
fn lines_of_which_none_or_two_have_a_value_are_still_no_age() {
    for lines in [&["", ""][..], &["600", "600"], &["", "600", "600"], &["", "x"]] {
        alone(SkipsEmptyLines, age(lines), 5, 5);
    }
    assert_eq!(age(&["", ""])(FIREFOX), 5);
    assert_eq!(age(&["600", "600"])(FIREFOX), 0);
    assert_eq!(age(&["", "x"])(FIREFOX), 0);
}

#[test]
fn an_age_of_two_lines_is_too_long_a_number_after_an_empty_one() {
    assert_eq!(age(&["", "99999999999999999999999"])(only(&[SkipsEmptyLines])), u64::MAX);
}

/// The step that decides the CORS check of a fetch with credentials, by these lines.
fn checked(lines: &[&str]) -> impl Fn(Agent) -> String {
    let allowed = Response::new(200).with("Access-Control-Allow-Origin", common::PAGE);
    let with = |response: Response, line: &&str| response.with("Access-Control-Allow-Credentials", line);
    let response = lines.iter().fold(allowed, with);
    let init = include(fetch("GET", &[]));
    move |agent| {
        let request = Request::by(&agent, &common::origin(common::PAGE), common::API, &init).unwrap();
        let (Ok(step) | Err(step)) = agent.cors_check(&request, &response);
        step.reason()
    }
}

#[test]
fn lines_without_a_value_are_left_out_before_credentials_are_allowed() {
    for lines in [&["", "true"][..], &["true", ""], &["", "true", ""]] {
        decides(SkipsEmptyLines, checked(lines), "cors-check/8".into(), "cors-check/7".into());
    }
}

#[test]
fn the_one_line_that_is_left_must_be_true() {
    for lines in [&[][..], &[""], &["", ""], &["true", "true"], &["", "true", "true"], &["", "True"], &["", "false"]] {
        alone(SkipsEmptyLines, checked(lines), "cors-check/8".into(), "cors-check/8".into());
    }
}
