//! A case: a policy, a handler and a scenario. It holds everything that a replay needs.

use cors_adapters::handler::Handler;
use cors_policy::Policy;
use cors_reference::{
    header::HeaderName,
    header_list::HeaderList,
    origin::Origin,
    request::{RequestInit, WireRequest},
};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};
use url::Url;

use crate::input::InputError;

pub mod near_miss;
pub mod outcome;
pub mod reach;
pub mod script;
pub mod selection;
pub mod vectors;

/// A policy, the handler behind the middleware, and the visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// The policy of the server's owner.
    #[serde(default)]
    pub policy: Policy,
    /// The application behind the middleware.
    #[serde(default)]
    pub handler: Handler,
    /// The visits to one server, in order. All pages belong to one browser, which keeps its caches between visits. A case
    /// without visits tests only whether a server is built for the policy.
    pub visits: Vec<Visit>,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Visit {
    /// A `fetch()` by a page.
    Fetch(PageFetch),
    /// A request by a client other than a browser.
    Raw(RawRequest),
}

/// A `fetch()` by a page. A missing field has the default of `fetch()`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageFetch {
    /// The time since the previous visit, in milliseconds.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after_ms: u64,
    /// The page's origin.
    pub page_origin: Origin,
    /// The requested URL.
    #[serde(default = "default_url")]
    pub url: String,
    /// The options that the script passes to `fetch()`.
    #[serde(default)]
    pub request: RequestInit,
}

/// A request as a raw client sends it.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct RawRequest {
    /// The method.
    #[serde(default = "default_method")]
    pub method: String,
    /// The URL.
    #[serde(default = "default_url")]
    pub url: String,
    /// The headers, in order. Repeated headers are kept.
    #[serde(default)]
    pub headers: HeaderList,
    /// An additional header. Its size grows if costs are measured.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grow: Option<Grow>,
}

/// A header that grows. Its value is `begin`, then `repeat` as many times as needed, then `end`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grow {
    /// The header's name.
    pub header: HeaderName,
    /// The beginning of its value.
    #[serde(default)]
    pub begin: String,
    /// The text that is repeated.
    pub repeat: String,
    /// The end of its value.
    #[serde(default)]
    pub end: String,
    /// True if each repetition is a separate header line.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub lines: bool,
}

fn default_url() -> String {
    "https://api.example/resource".to_owned()
}

fn default_method() -> String {
    "GET".to_owned()
}

#[allow(clippy::trivially_copy_pass_by_ref, reason = "serde passes a reference")]
fn is_zero(number: &u64) -> bool {
    *number == 0
}

impl Case {
    /// Checks that the case can run.
    ///
    /// # Errors
    ///
    /// Returns the first field with an invalid value.
    pub fn validate(&self) -> Result<(), InputError> {
        let fault = |field: String, message: String| Err(InputError { file: None, line: None, field, message });
        if !(200..=999).contains(&self.handler.status) {
            return fault("handler.status".into(), format!("{} is no final status: 200 to 999", self.handler.status));
        }
        if let Some((name, _)) = self.handler.headers.iter().find(|(_, value)| !value.is_header_value()) {
            return fault("handler.headers".into(), format!("the value of `{name}` holds 0x00, 0x0A or 0x0D"));
        }
        for (index, visit) in self.visits.iter().enumerate() {
            let url = match visit {
                Visit::Fetch(fetch) => &fetch.url,
                Visit::Raw(raw) => &raw.url,
            };
            if let Err(error) = Url::parse(url) {
                return fault(format!("visits[{index}].url"), format!("`{url}` is no URL: {error}"));
            }
            if let Visit::Raw(RawRequest { grow: Some(grow), .. }) = visit
                && grow.repeat.is_empty()
            {
                return fault(format!("visits[{index}].raw.grow.repeat"), "nothing to repeat".into());
            }
            if let Visit::Raw(raw) = visit
                && !cors_reference::header::is_token(raw.method.as_bytes())
            {
                return fault(format!("visits[{index}].raw.method"), format!("`{}` is no method", raw.method));
            }
        }
        Ok(())
    }
}

impl RawRequest {
    /// Returns the request on the wire with a growing header of the smallest size. Returns `None` if the URL does not parse.
    pub fn to_wire(&self) -> Option<WireRequest> {
        self.to_wire_of(Grow::SMALL)
    }

    /// Returns the request on the wire with a growing header of about `size` bytes. Returns `None` if the URL does not parse.
    pub fn to_wire_of(&self, bytes: usize) -> Option<WireRequest> {
        let url = Url::parse(&self.url).ok()?;
        let mut headers = self.headers.clone();
        if let Some(grow) = &self.grow {
            grow.append_to(&mut headers, bytes);
        }
        Some(WireRequest { method: self.method.clone(), url, headers, body: None })
    }
}

impl Grow {
    /// The size of the header if costs are not measured, in bytes.
    pub const SMALL: usize = 1_000;

    fn append_to(&self, headers: &mut HeaderList, bytes: usize) {
        let times = bytes / self.repeat.len().max(1);
        if self.lines {
            for _ in 0..times {
                headers.append(self.header.clone(), self.repeat.as_str().into());
            }
        } else {
            let value = format!("{}{}{}", self.begin, self.repeat.repeat(times), self.end);
            headers.append(self.header.clone(), value.as_str().into());
        }
    }
}
