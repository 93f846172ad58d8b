//! The max-age that an agent reads.

use super::{definition::Agent, deviation::Deviation};
use crate::{extract::extract_delta_seconds, preflight::DEFAULT_MAX_AGE, response::Response};

impl Agent {
    /// Returns the max-age of the response to a preflight, in seconds
    /// ([CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0), steps 7.8 to 7.10).
    pub fn max_age(&self, response: &Response) -> u64 {
        let max_age = match extract_delta_seconds("Access-Control-Max-Age", &response.headers) {
            Ok(Some(seconds)) if seconds > i64::MAX as u64 && self.has(Deviation::MaxAgeBeyond63BitsIsDefault) => {
                DEFAULT_MAX_AGE
            }
            Ok(seconds) => seconds.unwrap_or(DEFAULT_MAX_AGE),
            Err(_) => self.unparsable_max_age(response).unwrap_or(DEFAULT_MAX_AGE),
        };
        max_age.min(self.max_age_limit.unwrap_or(u64::MAX))
    }

    /// Returns the max-age of a value that the standard does not parse.
    fn unparsable_max_age(&self, response: &Response) -> Option<u64> {
        let lines = response.headers.named("Access-Control-Max-Age").map(|(_, value)| value.isomorphic_decode());
        let mut lines: Vec<String> = lines.collect();
        if self.has(Deviation::SkipsEmptyLines) {
            lines.retain(|line| !line.is_empty());
        }
        let text = lines.join(", ");
        let seconds = |digits: &str| match digits.bytes().all(|b| b.is_ascii_digit()) {
            true if !digits.is_empty() => Some(digits.parse().unwrap_or(u64::MAX)),
            _ => None,
        };
        match (text.strip_prefix('-').and_then(seconds), text.strip_prefix('+').and_then(seconds)) {
            _ if text.is_empty() => None,
            (Some(_), _) if self.has(Deviation::NegativeMaxAgeIsZero) => Some(0),
            (_, Some(seconds)) if self.has(Deviation::MaxAgeAllowsPlus) => Some(seconds),
            _ if self.has(Deviation::SkipsEmptyLines) && seconds(&text).is_some() => seconds(&text),
            _ => self.has(Deviation::UnparsableMaxAgeIsZero).then_some(0),
        }
    }
}
