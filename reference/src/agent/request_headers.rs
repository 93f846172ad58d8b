//! The request headers that a script may set, and those that need a preflight, in an agent.

use std::borrow::Cow;

use super::{definition::Agent, deviation::Deviation};
use crate::{
    header::isomorphic_decode,
    header_list::HeaderList,
    range::parse_single_range_header_value,
    safelist::{
        is_cors_safelisted_request_header, is_forbidden_method, is_forbidden_request_header, is_method_override,
        is_no_cors_safelisted_request_header_name,
    },
};

impl Agent {
    /// Returns true if a header is a CORS-safelisted request-header for the agent. See
    /// [`safelist::is_cors_safelisted_request_header`](crate::safelist::is_cors_safelisted_request_header).
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

    /// Returns true if the agent lets a header through in mode "no-cors".
    pub(super) fn no_cors_safelists(&self, name: &str, value: &[u8]) -> bool {
        is_no_cors_safelisted_request_header_name(name) && self.is_cors_safelisted_request_header(name, value)
    }

    /// Returns the agent's CORS-unsafe request-header names.
    pub(super) fn unsafe_names(&self, headers: &HeaderList) -> Vec<String> {
        let (mut unsafe_names, mut safe_names, mut size) = (Vec::new(), Vec::new(), 0);
        for (name, value) in headers.iter() {
            let name = name.as_str().to_ascii_lowercase();
            if self.is_cors_safelisted_request_header(&name, value.as_bytes()) {
                safe_names.push(name);
                size += value.as_bytes().len();
            } else {
                unsafe_names.push(name);
            }
        }
        if size > 1024 && !self.has(Deviation::SafelistHasNoTotal) {
            unsafe_names.append(&mut safe_names);
        }
        unsafe_names.sort_unstable();
        if !self.has(Deviation::RepeatsUnsafeNames) {
            unsafe_names.dedup();
        }
        unsafe_names
    }

    /// Returns true if the agent forbids a script to set a header.
    pub(super) fn forbids_request_header(&self, name: &str, value: &[u8]) -> bool {
        if !is_method_override(name) || !self.has(Deviation::OverridesSplitAtEveryComma) {
            return is_forbidden_request_header(name, value);
        }
        let white_space: &[char] =
            if self.has(Deviation::OverridesTrimFormFeed) { &['\t', ' ', '\x0C'] } else { &['\t', ' '] };
        isomorphic_decode(value).split(',').any(|method| is_forbidden_method(method.trim_matches(white_space)))
    }
}

/// Returns a range in the spelling of the standard: the unit in lower case, numbers without `+`.
fn loose_range(value: &[u8]) -> Cow<'_, [u8]> {
    let lower = value.to_ascii_lowercase();
    let is_sign = |at: usize| lower[at] == b'+' && at > 0 && matches!(lower[at - 1], b'=' | b'-');
    Cow::Owned((0..lower.len()).filter(|at| !is_sign(*at)).map(|at| lower[at]).collect())
}

/// Returns true if a header is a client hint with a value of its type.
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

/// Returns true if a value is a single media type without an empty parameter at its end.
fn is_strict_media_type(value: &[u8]) -> bool {
    let semicolons = value.iter().filter(|byte| **byte == b';').count();
    let ends_in_nothing = semicolons > 1 && value.ends_with(b";");
    !(ends_in_nothing || value.contains(&b','))
}
