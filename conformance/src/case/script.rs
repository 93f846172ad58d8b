//! Scripted fetches: what a page asks for, and what every server on the way answers. They are the input
//! of `judge`, and what real browsers are led through.

use cors_reference::{
    header::{HeaderName, HeaderValue, isomorphic_decode, isomorphic_encode},
    origin::Origin,
    request::RequestInit,
    response::Response,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// A browser's visits over time, each with its scripted answers; its caches carry over.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The visits, in order.
    pub visits: Vec<Visit>,
}

/// One fetch with its scripted answers.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// Milliseconds since the visit before.
    #[serde(default)]
    pub after_ms: u64,
    /// The page's origin.
    pub page_origin: Origin,
    /// The URL that it fetches.
    pub url: String,
    /// What its script passes to `fetch()`.
    #[serde(default)]
    pub request: RequestInit,
    /// The answer to the first preflight.
    #[serde(default)]
    pub preflight_response: Option<Answer>,
    /// The answer to the first request.
    #[serde(default)]
    pub response: Option<Answer>,
    /// The answers to the requests after each redirect.
    #[serde(default)]
    pub hops: Vec<Hop>,
}

impl Visit {
    /// The answers to the preflight and to the request of the `hop`th URL: the first, or one that a redirect led
    /// to. Nothing where there is no such hop.
    pub fn answers(&self, hop: usize) -> Option<[Option<&Answer>; 2]> {
        let (preflight_response, response) = match hop.checked_sub(1) {
            None => (&self.preflight_response, &self.response),
            Some(index) => self.hops.get(index).map(|hop| (&hop.preflight_response, &hop.response))?,
        };
        Some([preflight_response.as_ref(), response.as_ref()])
    }
}

/// The answers to the requests of one URL that a redirect led to.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hop {
    /// The answer to its preflight.
    pub preflight_response: Option<Answer>,
    /// The answer to its request.
    pub response: Option<Answer>,
}

/// A scripted answer, as it is sent byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, in order, repeats kept, with the white space around their values.
    #[serde(default)]
    pub headers: Vec<(HeaderName, WireText)>,
}

/// The bytes between a header's colon and the end of its line, isomorphic-decoded in JSON.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireText(pub Vec<u8>);

impl Answer {
    /// What the answer is to whoever reads it off the wire.
    pub fn to_response(&self) -> Response {
        let headers = self.headers.iter().map(|(name, text)| (name.clone(), HeaderValue::from_wire(&text.0)));
        Response { status: self.status, headers: headers.collect(), body: Vec::new() }
    }
}

impl Serialize for WireText {
    fn serialize<S: Serializer>(&self, serializer: S) -> Result<S::Ok, S::Error> {
        serializer.serialize_str(&isomorphic_decode(&self.0))
    }
}

impl<'de> Deserialize<'de> for WireText {
    fn deserialize<D: Deserializer<'de>>(deserializer: D) -> Result<Self, D::Error> {
        let text = String::deserialize(deserializer)?;
        isomorphic_encode(&text).map(Self).map_err(de::Error::custom)
    }
}
