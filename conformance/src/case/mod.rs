//! A case: policy, handler and scenario, which is everything that is needed to replay.

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

/// A policy, the handler behind the middleware, and who visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Case {
    /// What the server's owner wants.
    #[serde(default)]
    pub policy: Policy,
    /// The application behind the middleware.
    #[serde(default)]
    pub handler: Handler,
    /// Who asks for what, in order, of one server. All pages are of one browser, whose caches carry over. Without
    /// visits the case is about the policy alone: is a server built for it?
    pub visits: Vec<Visit>,
}

/// One visit.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Visit {
    /// A `fetch()` by a page.
    Fetch(PageFetch),
    /// A request by a client that is no browser.
    Raw(RawRequest),
}

/// A `fetch()` by a page; what is left out has `fetch()`'s own default.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct PageFetch {
    /// Milliseconds since the visit before.
    #[serde(default, skip_serializing_if = "is_zero")]
    pub after_ms: u64,
    /// The page's origin.
    pub page_origin: Origin,
    /// The URL that it fetches.
    #[serde(default = "default_url")]
    pub url: String,
    /// What its script passes to `fetch()`.
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
    /// The headers, in order, repeats kept.
    #[serde(default)]
    pub headers: HeaderList,
    /// A header more, whose size grows where costs are counted.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub grow: Option<Grow>,
}

/// A header that grows: its value is `begin`, `repeat` as often as it takes, and `end`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(deny_unknown_fields)]
pub struct Grow {
    /// The header's name.
    pub header: HeaderName,
    /// What its value begins with.
    #[serde(default)]
    pub begin: String,
    /// What is repeated.
    pub repeat: String,
    /// What its value ends with.
    #[serde(default)]
    pub end: String,
    /// Whether each repeat is a header of its own.
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
    /// Whether the case can be driven.
    ///
    /// # Errors
    ///
    /// The first field that no run could make sense of.
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
    /// The request on the wire, or nothing where the URL does not parse. What grows is small.
    pub fn to_wire(&self) -> Option<WireRequest> {
        self.to_wire_of(Grow::SMALL)
    }

    /// The same where what grows has about that many bytes.
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
    /// The size at which nothing is said about costs, in bytes.
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
