//! The lines of `Access-Control-Max-Age` and `Access-Control-Allow-Credentials`.

mod common;

use common::agents::{assert_effect, assert_effect_on_standard, init_with, with_credentials, with_deviations};
use cors_reference::{
    agent::{AGENTS, Agent, CHROMIUM, DEFAULT_MAX_AGE, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    request::Request,
    response::Response,
    user_agent::UserAgent,
};

const BELOW_63_BITS: u64 = (1 << 63) - 1;

/// Returns the max-age of a response with these lines.
fn age(lines: &[&str]) -> impl Fn(Agent) -> u64 {
    let with = |response: Response, line: &&str| response.with("Access-Control-Max-Age", line);
    let response = lines.iter().fold(Response::new(204), with);
    move |agent| agent.max_age(&response)
}

#[test]
fn a_missing_or_empty_max_age_is_5_in_every_agent() {
    for agent in AGENTS {
        assert_eq!(age(&[])(*agent), DEFAULT_MAX_AGE);
        assert_eq!(age(&[""])(*agent), DEFAULT_MAX_AGE, "{}", agent.name);
    }
    assert_eq!(DEFAULT_MAX_AGE, 5);
}

#[test]
fn each_browser_limits_max_age_and_the_standard_does_not() {
    for (agent, limit) in [(CHROMIUM, 7_200), (FIREFOX, 86_400), (WEBKIT, 600)] {
        for (seconds, kept) in [(0, 0), (limit - 1, limit - 1), (limit, limit), (limit + 1, limit)] {
            assert_eq!(age(&[&seconds.to_string()])(agent), kept, "{}", agent.name);
        }
    }
    assert_eq!(age(&["86401"])(STANDARD), 86_401);
}

#[test]
fn a_negative_max_age_is_0() {
    for line in ["-1", "-0", "-600", "-99999999999999999999"] {
        assert_effect(NegativeMaxAgeIsZero, age(&[line]), 5, 0);
    }
}

#[test]
fn a_minus_without_a_number_is_not_a_negative_max_age() {
    for lines in [&["-"][..], &["--1"], &["-+1"], &["- 1"], &["-1.5"], &["1-"], &["-1", "-1"], &["1.5"]] {
        assert_effect_on_standard(NegativeMaxAgeIsZero, age(lines), 5, 5);
        assert_eq!(age(lines)(CHROMIUM), 5, "{lines:?}");
        assert_eq!(age(lines)(WEBKIT), 5, "{lines:?}");
    }
}

#[test]
fn a_max_age_may_begin_with_plus() {
    for (line, seconds) in [("+600", 600), ("+0", 0), ("+007", 7)] {
        assert_effect(MaxAgeAllowsPlus, age(&[line]), 5, seconds);
    }
    assert_eq!(age(&["+9223372036854775807"])(with_deviations(&[MaxAgeAllowsPlus])), BELOW_63_BITS);
}

#[test]
fn a_misplaced_plus_does_not_parse() {
    for lines in [&["+"][..], &["++1"], &["+-1"], &["+ 1"], &["1+"], &["+1.5"], &["+1", "+1"]] {
        assert_effect_on_standard(MaxAgeAllowsPlus, age(lines), 5, 5);
        assert_eq!(age(lines)(CHROMIUM), 5, "{lines:?}");
    }
}

#[test]
fn a_max_age_beyond_63_bits_is_5() {
    for line in ["9223372036854775808", "18446744073709551616", "99999999999999999999999"] {
        let standard = line.parse().unwrap_or(u64::MAX);
        assert_effect_on_standard(MaxAgeBeyond63BitsIsDefault, age(&[line]), standard, 5);
        for (agent, limit) in [(CHROMIUM, 7_200), (WEBKIT, 600)] {
            assert_eq!(age(&[line])(agent), 5);
            assert_eq!(age(&[line])(agent.without(MaxAgeBeyond63BitsIsDefault)), limit);
        }
    }
}

#[test]
fn a_max_age_of_63_bits_is_the_limit() {
    let line = BELOW_63_BITS.to_string();
    assert_effect_on_standard(MaxAgeBeyond63BitsIsDefault, age(&[&line]), BELOW_63_BITS, BELOW_63_BITS);
    assert_eq!(age(&[&line])(CHROMIUM), 7_200);
    assert_eq!(age(&[&line])(WEBKIT), 600);
}

#[test]
fn a_max_age_that_does_not_parse_is_0() {
    for lines in [&["x"][..], &["1.5"], &["-1"], &["+1"], &["-"], &["+"], &["5, 5"], &["5", "5"], &["0x5"]] {
        assert_effect(UnparsableMaxAgeIsZero, age(lines), 5, 0);
    }
    for (line, seconds) in [("0", 0), ("7", 7), ("", 5)] {
        assert_effect_on_standard(UnparsableMaxAgeIsZero, age(&[line]), seconds, seconds);
    }
}

#[test]
fn empty_lines_of_max_age_are_left_out() {
    for lines in [&["", "600"][..], &["600", ""], &["", "600", ""]] {
        assert_effect_on_standard(SkipsEmptyLines, age(lines), 5, 600);
        assert_eq!(age(lines)(FIREFOX), 600);
        // Without the deviation, the lines do not parse.
        assert_eq!(age(lines)(FIREFOX.without(SkipsEmptyLines)), 0);
    }
}

#[test]
fn lines_with_no_value_or_two_values_do_not_parse() {
    for lines in [&["", ""][..], &["600", "600"], &["", "600", "600"], &["", "x"]] {
        assert_effect_on_standard(SkipsEmptyLines, age(lines), 5, 5);
    }
    assert_eq!(age(&["", ""])(FIREFOX), 5);
    assert_eq!(age(&["600", "600"])(FIREFOX), 0);
    assert_eq!(age(&["", "x"])(FIREFOX), 0);
}

#[test]
fn a_max_age_that_overflows_after_an_empty_line_is_the_maximum() {
    assert_eq!(age(&["", "99999999999999999999999"])(with_deviations(&[SkipsEmptyLines])), u64::MAX);
}

/// Returns the step that decides the CORS check of a fetch with credentials, for a response with these lines.
fn checked(lines: &[&str]) -> impl Fn(Agent) -> String {
    let allowed = Response::new(200).with("Access-Control-Allow-Origin", common::PAGE);
    let with = |response: Response, line: &&str| response.with("Access-Control-Allow-Credentials", line);
    let response = lines.iter().fold(allowed, with);
    let init = with_credentials(init_with("GET", &[]));
    move |agent| {
        let request = Request::by(&agent, &common::origin(common::PAGE), common::API, &init).unwrap();
        let (Ok(step) | Err(step)) = agent.cors_check(&request, &response);
        step.reason()
    }
}

#[test]
fn empty_lines_of_allow_credentials_are_left_out() {
    for lines in [&["", "true"][..], &["true", ""], &["", "true", ""]] {
        assert_effect(SkipsEmptyLines, checked(lines), "cors-check/8".into(), "cors-check/7".into());
    }
}

#[test]
fn the_remaining_line_of_allow_credentials_must_be_true() {
    for lines in [&[][..], &[""], &["", ""], &["true", "true"], &["", "true", "true"], &["", "True"], &["", "false"]] {
        assert_effect_on_standard(SkipsEmptyLines, checked(lines), "cors-check/8".into(), "cors-check/8".into());
    }
}
