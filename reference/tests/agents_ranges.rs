//! Values of `Range` that need no preflight.

mod common;

use common::agents::{assert_effect, assert_effect_on_standard, with_deviations};
use cors_reference::{
    agent::{AGENTS, Agent, Deviation::*, FIREFOX, STANDARD, WEBKIT},
    range::parse_single_range_header_value,
};

/// Returns true if `Range` with that value needs no preflight.
fn safelists(value: &str) -> impl Fn(Agent) -> bool {
    let value = value.as_bytes().to_vec();
    move |agent| agent.is_cors_safelisted_request_header("Range", &value)
}

/// 2⁶³ − 2, 2⁶³ − 1, 2⁶³, 2⁶⁴ − 1, 2⁶⁴, and a longer number.
const NUMBERS: [&str; 6] = [
    "9223372036854775806",
    "9223372036854775807",
    "9223372036854775808",
    "18446744073709551615",
    "18446744073709551616",
    "100000000000000000000",
];

/// Returns ranges with the number as the start, as the end, as both, and with leading zeros.
fn ranges(number: &str) -> [String; 4] {
    [
        format!("bytes={number}-"),
        format!("bytes=0-{number}"),
        format!("bytes={number}-{number}"),
        format!("bytes=000-000{number}"),
    ]
}

#[test]
fn a_number_of_63_bits_or_more_is_not_safelisted() {
    for (index, number) in NUMBERS.iter().enumerate() {
        for range in ranges(number) {
            assert_effect(RangeBelow63Bits, safelists(&range), true, index == 0);
        }
    }
}

#[test]
fn a_number_of_more_than_64_bits_is_not_safelisted() {
    for (index, number) in NUMBERS.iter().enumerate() {
        for range in ranges(number) {
            assert_effect(RangeWithin64Bits, safelists(&range), true, index < 4);
        }
    }
}

#[test]
fn the_unit_may_be_in_upper_case() {
    for range in ["Bytes=0-", "BYTES=0-", "bYTES=0-10"] {
        assert_effect(RangeParsesLoosely, safelists(range), false, true);
    }
}

#[test]
fn numbers_may_begin_with_plus() {
    for range in ["bytes=+0-", "bytes=0-+10", "bytes=+1-+2", "BYTES=+1-2"] {
        assert_effect(RangeParsesLoosely, safelists(range), false, true);
    }
}

#[test]
fn a_misplaced_or_repeated_plus_is_not_safelisted() {
    let misplaced =
        ["+bytes=0-", "bytes+=0-", "bytes=++0-", "bytes=0+-", "bytes=0-++1", "bytes=0-1+", "bytes=1+0-", "+"];
    for range in misplaced {
        assert_effect(RangeParsesLoosely, safelists(range), false, false);
    }
}

#[test]
fn an_invalid_range_is_never_safelisted() {
    for range in ["", "bytes", "bytes=", "bytes=-", "bytes=-5", "bytes=+-5", "bytes=2-1", "bytes=+2-+1", "byte=0-"] {
        assert_effect(RangeParsesLoosely, safelists(range), false, false);
    }
    for range in ["bytes= 0-", "bytes =0-", "bytes=0 -", "bytes=0- 1", "bytes=0-1,2-3", "items=0-", "bytes=a-"] {
        assert_effect(RangeParsesLoosely, safelists(range), false, false);
    }
}

#[test]
fn a_loosely_parsed_number_has_the_same_limit() {
    for (range, within) in [("BYTES=+18446744073709551615-", true), ("BYTES=+18446744073709551616-", false)] {
        assert_eq!(safelists(range)(WEBKIT), within);
        assert!(safelists(range)(with_deviations(&[RangeParsesLoosely])));
    }
}

#[test]
fn a_range_of_more_than_128_bytes_is_not_safelisted() {
    for (zeros, is_safe) in [(121, true), (122, false)] {
        let range = format!("bytes={}-", "0".repeat(zeros));
        for agent in AGENTS {
            assert_eq!(safelists(&range)(*agent), is_safe, "{} bytes by {}", range.len(), agent.name);
        }
    }
}

#[test]
fn a_plus_counts_towards_the_128_bytes() {
    for (zeros, is_safe) in [(120, true), (121, false)] {
        let range = format!("bytes=+{}-", "0".repeat(zeros));
        assert_effect_on_standard(RangeParsesLoosely, safelists(&range), false, is_safe);
    }
}

#[test]
fn the_start_and_the_end_are_compared_as_numbers() {
    for (range, is_safe) in [
        ("bytes=9-10", true),
        ("bytes=10-9", false),
        ("bytes=09-9", true),
        ("bytes=9-09", true),
        ("bytes=010-9", false),
        ("bytes=0-0", true),
        ("bytes=00-", true),
        ("bytes=5-5", true),
    ] {
        for agent in [STANDARD, FIREFOX, WEBKIT] {
            assert_eq!(safelists(range)(agent), is_safe, "{range} by {}", agent.name);
        }
    }
}

#[test]
fn a_limit_on_ranges_does_not_apply_to_other_headers() {
    for deviation in [RangeBelow63Bits, RangeWithin64Bits] {
        let accepted = |agent: Agent| agent.is_cors_safelisted_request_header("Accept", b"18446744073709551616");
        assert_effect_on_standard(deviation, accepted, true, true);
    }
}

/// Returns the parsed start and end.
fn parsed(value: &str, allow_whitespace: bool) -> Option<(Option<&'static str>, Option<&'static str>)> {
    let text = |digits: Option<&'static [u8]>| digits.map(|digits| std::str::from_utf8(digits).unwrap());
    let range = parse_single_range_header_value(value.to_owned().leak().as_bytes(), allow_whitespace)?;
    Some((text(range.start), text(range.end)))
}

#[test]
fn a_range_has_a_start_or_an_end_or_both() {
    for allow_whitespace in [false, true] {
        assert_eq!(parsed("bytes=1-", allow_whitespace), Some((Some("1"), None)));
        assert_eq!(parsed("bytes=-2", allow_whitespace), Some((None, Some("2"))));
        assert_eq!(parsed("bytes=1-2", allow_whitespace), Some((Some("1"), Some("2"))));
        assert_eq!(parsed("bytes=-", allow_whitespace), None);
    }
}

#[test]
fn white_space_around_signs_is_skipped_if_it_is_allowed() {
    for range in ["bytes =1-2", "bytes= 1-2", "bytes=1 -2", "bytes=1- 2", "bytes\t=\t 1\t-\t2"] {
        assert_eq!(parsed(range, true), Some((Some("1"), Some("2"))), "{range:?}");
        assert_eq!(parsed(range, false), None, "{range:?}");
    }
    for range in [" bytes=1-2", "bytes=1-2 ", "bytes=1 1-2", "bytes=1-\n2"] {
        assert_eq!(parsed(range, true), None, "{range:?}");
    }
}
