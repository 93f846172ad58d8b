//! How long a grant lasts, as an agent has it.

use super::{Agent, Deviation};
use crate::{extract::extract_delta_seconds, response::Response};

/// The max-age of an answer that gives none, in seconds
/// ([step 7.9](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0)).
pub const DEFAULT_MAX_AGE: u64 = 5;

impl Agent {
    /// The max-age of a preflight's answer, in seconds
    /// ([steps 7.8 to 7.10](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0)).
    pub fn max_age(&self, response: &Response) -> u64 {
        // 7.8. Let max-age be the result of extracting header list values.
        let max_age = match extract_delta_seconds("Access-Control-Max-Age", &response.headers) {
            Ok(Some(seconds)) if seconds > i64::MAX as u64 && self.has(Deviation::MaxAgeBeyond63BitsIsDefault) => {
                DEFAULT_MAX_AGE
            }
            // 7.9. If max-age is failure or null, then set max-age to 5.
            Ok(seconds) => seconds.unwrap_or(DEFAULT_MAX_AGE),
            Err(_) => self.unparsable_max_age(response).unwrap_or(DEFAULT_MAX_AGE),
        };
        // 7.10. If max-age is greater than an imposed limit on max-age, then set max-age to it.
        max_age.min(self.max_age_limit.unwrap_or(u64::MAX))
    }

    /// What the agent reads where the standard reads nothing.
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
