//! A policy and the recorded exchanges of a server.

use cors_policy::Policy;
use cors_reference::{
    header::{HeaderName, HeaderValue, is_token},
    header_list::HeaderList,
    request::WireRequest,
};
use serde::{Deserialize, Deserializer, de};
use url::Url;

use crate::{
    case::script::{Answer, WireText},
    input::InputError,
};

/// A policy, and the exchanges of a server that should serve it.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Recording {
    /// The policy.
    pub policy: Policy,
    /// The exchanges with one server, in order.
    pub exchanges: Vec<RecordedExchange>,
}

/// A recorded request and its response.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedExchange {
    /// The request.
    pub request: RecordedRequest,
    /// The response.
    pub response: Answer,
}

/// A recorded request.
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct RecordedRequest {
    /// The method.
    pub method: String,
    /// The URL.
    #[serde(deserialize_with = "url")]
    pub url: Url,
    /// The headers in order, including repeats.
    #[serde(default)]
    pub headers: Vec<(HeaderName, WireText)>,
}

fn url<'de, D: Deserializer<'de>>(deserializer: D) -> Result<Url, D::Error> {
    let text = String::deserialize(deserializer)?;
    Url::parse(&text).map_err(|error| de::Error::custom(format!("`{text}` is not a URL: {error}")))
}

impl Recording {
    pub(super) fn validate(&self) -> Result<(), InputError> {
        if self.exchanges.is_empty() {
            return Err(InputError::of("exchanges", "the list is empty: give at least one exchange".to_owned()));
        }
        for (index, RecordedExchange { request, response }) in self.exchanges.iter().enumerate() {
            if !is_token(request.method.as_bytes()) {
                let message = format!("`{}` is not a method", request.method);
                return Err(InputError::of(&format!("exchanges[{index}].request.method"), message));
            }
            if response.status > 999 {
                let message = format!("{} is not a status from 0 to 999", response.status);
                return Err(InputError::of(&format!("exchanges[{index}].response.status"), message));
            }
        }
        Ok(())
    }
}

impl RecordedRequest {
    pub(super) fn to_wire(&self) -> WireRequest {
        let headers = self.headers.iter().map(|(name, text)| (name.clone(), HeaderValue::from_wire(&text.0)));
        let headers: HeaderList = headers.collect();
        WireRequest { method: self.method.clone(), url: self.url.clone(), headers, body: None }
    }
}
