//! Scripted fetches: the request of a page and the responses of every server on the way. They are the input of `judge`
//! and of the comparison with real browsers.

use cors_reference::{
    header::{HeaderName, HeaderValue, isomorphic_decode, isomorphic_encode},
    origin::Origin,
    request::RequestInit,
    response::Response,
};
use serde::{Deserialize, Deserializer, Serialize, Serializer, de};

/// The visits of one browser over time, each with its scripted responses. The browser keeps its caches between visits.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Script {
    /// The visits, in order.
    pub visits: Vec<Visit>,
}

/// One fetch with its scripted responses.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Visit {
    /// The time since the previous visit, in milliseconds.
    #[serde(default)]
    pub after_ms: u64,
    /// The page's origin.
    pub page_origin: Origin,
    /// The requested URL.
    pub url: String,
    /// The options that the script passes to `fetch()`.
    #[serde(default)]
    pub request: RequestInit,
    /// The response to the first preflight.
    #[serde(default)]
    pub preflight_response: Option<Answer>,
    /// The response to the first request.
    #[serde(default)]
    pub response: Option<Answer>,
    /// The responses to the requests after each redirect.
    #[serde(default)]
    pub hops: Vec<Hop>,
}

impl Visit {
    /// Returns the responses to the preflight and to the request for the `hop`th URL. Hop 0 is the first URL, and each
    /// redirect adds one. Returns `None` if there is no such hop.
    pub fn answers(&self, hop: usize) -> Option<[Option<&Answer>; 2]> {
        let (preflight_response, response) = match hop.checked_sub(1) {
            None => (&self.preflight_response, &self.response),
            Some(index) => self.hops.get(index).map(|hop| (&hop.preflight_response, &hop.response))?,
        };
        Some([preflight_response.as_ref(), response.as_ref()])
    }
}

/// The responses to the requests for the target of a redirect.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
pub struct Hop {
    /// The response to its preflight.
    pub preflight_response: Option<Answer>,
    /// The response to its request.
    pub response: Option<Answer>,
}

/// A scripted response, sent byte for byte.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(deny_unknown_fields)]
pub struct Answer {
    /// The status.
    pub status: u16,
    /// The headers, in order. Repeated headers and the white space around values are kept.
    #[serde(default)]
    pub headers: Vec<(HeaderName, WireText)>,
}

/// The bytes between the colon of a header and the end of its line. In JSON they are isomorphic-decoded.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireText(pub Vec<u8>);

impl Answer {
    /// Returns the response as a client parses it.
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
