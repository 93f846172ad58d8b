//! The lists about request headers, as an agent reads them.

use std::borrow::Cow;

use super::{Agent, Deviation};
use crate::{
    header::isomorphic_decode,
    range::parse_single_range_header_value,
    safelist::{
        is_cors_safelisted_request_header, is_forbidden_method, is_forbidden_request_header, is_method_override,
    },
};

impl Agent {
    /// [`is_cors_safelisted_request_header`], as the agent has it.
    pub fn is_cors_safelisted_request_header(&self, name: &str, value: &[u8]) -> bool {
        let name = name.to_ascii_lowercase();
        let name = name.as_str();
        if self.has(Deviation::SafelistsClientHints) && is_client_hint(name, value) {
            return value.len() <= 128;
        }
        if self.has(Deviation::HighBytesAreUnsafe) && matches!(name, "accept" | "content-type") && !value.is_ascii() {
            return false;
        }
        if self.has(Deviation::ContentTypeParsesStrictly) && name == "content-type" && !is_strict_media_type(value) {
            return false;
        }
        if name == "range" && value.len() <= 128 {
            return self.is_safelisted_range(value);
        }
        is_cors_safelisted_request_header(name, value)
    }

    fn is_safelisted_range(&self, value: &[u8]) -> bool {
        let limit = match () {
            () if self.has(Deviation::RangeBelow63Bits) => Some((1 << 63) - 2),
            () if self.has(Deviation::RangeWithin64Bits) => Some(u64::MAX),
            () => None,
        };
        let value = if self.has(Deviation::RangeParsesLoosely) { loose_range(value) } else { Cow::Borrowed(value) };
        match parse_single_range_header_value(&value, false) {
            Some(range) => range.start.is_some() && limit.is_none_or(|limit| range.is_within(limit)),
            None => false,
        }
    }

    /// [`is_forbidden_request_header`], as the agent has it.
    pub fn is_forbidden_request_header(&self, name: &str, value: &[u8]) -> bool {
        if !is_method_override(name) || !self.has(Deviation::OverridesSplitAtEveryComma) {
            return is_forbidden_request_header(name, value);
        }
        let white_space: &[char] =
            if self.has(Deviation::OverridesTrimFormFeed) { &['\t', ' ', '\x0C'] } else { &['\t', ' '] };
        isomorphic_decode(value).split(',').any(|method| is_forbidden_method(method.trim_matches(white_space)))
    }
}

/// A range as the standard spells it: the unit in lower case, numbers without `+`.
fn loose_range(value: &[u8]) -> Cow<'_, [u8]> {
    let lower = value.to_ascii_lowercase();
    let is_sign = |at: usize| lower[at] == b'+' && at > 0 && matches!(lower[at - 1], b'=' | b'-');
    Cow::Owned((0..lower.len()).filter(|at| !is_sign(*at)).map(|at| lower[at]).collect())
}

/// Whether a header tells of the client, and its value is of the header's kind.
fn is_client_hint(name: &str, value: &[u8]) -> bool {
    let is_integer = || !value.is_empty() && value.iter().all(u8::is_ascii_digit);
    let is_number = || {
        let (mut digits, mut dots) = (0, 0);
        value.iter().for_each(|byte| match byte {
            b'.' => dots += 1,
            _ => digits += usize::from(byte.is_ascii_digit()),
        });
        digits > 0 && dots < 2 && digits + dots == value.len()
    };
    match name {
        "dpr" | "device-memory" | "downlink" => is_number(),
        "width" | "viewport-width" | "rtt" => is_integer(),
        "save-data" => value.eq_ignore_ascii_case(b"on"),
        "user-agent" | "intervention" => true,
        _ => false,
    }
}

/// Whether a media type stands alone, with no empty parameter at its end.
fn is_strict_media_type(value: &[u8]) -> bool {
    let semicolons = value.iter().filter(|byte| **byte == b';').count();
    let ends_in_nothing = semicolons > 1 && value.ends_with(b";");
    !(ends_in_nothing || value.contains(&b','))
}
