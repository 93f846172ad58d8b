//! A request and its response as the evidence of a divergence.

use cors_adapters::Failure;
use cors_reference::{fetch::RequestKind, header_list::HeaderList, request::WireRequest, response::Response};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{run::Exchange, visitors::Visitor};

/// One request and its response.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Message {
    /// The visit, from 0.
    pub visit: usize,
    /// The kind of request.
    pub kind: MessageKind,
    /// The request's method.
    pub method: String,
    /// The request's URL.
    pub url: String,
    /// The request's headers.
    pub request_headers: HeaderList,
    /// The status of the response. `None` if the server failed.
    pub status: Option<u16>,
    /// The response's headers.
    pub response_headers: HeaderList,
    /// How the server failed.
    pub failure: Option<String>,
    /// The number of calls to the handler.
    pub handler_calls: u32,
}

/// The kind of a request.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MessageKind {
    /// A CORS-preflight request of a browser.
    Preflight,
    /// Another request of a browser.
    Actual,
    /// A request of a client other than a browser.
    Raw,
    /// A request that an HTTP cache answers.
    Cached,
}

impl MessageKind {
    fn of(kind: Option<RequestKind>) -> Self {
        match kind {
            Some(RequestKind::Preflight) => Self::Preflight,
            Some(RequestKind::Actual) => Self::Actual,
            None => Self::Raw,
        }
    }

    pub(crate) fn name(self) -> &'static str {
        match self {
            Self::Preflight => "preflight",
            Self::Actual => "actual",
            Self::Raw => "raw",
            Self::Cached => "cached",
        }
    }
}

impl Message {
    pub(crate) fn is_cors_preflight(&self) -> bool {
        let has = |name| self.request_headers.contains(name);
        self.method == "OPTIONS" && has("Origin") && has("Access-Control-Request-Method")
    }

    /// Creates a message for a request without a response.
    pub fn asked(visit: usize, kind: Option<RequestKind>, request: &WireRequest) -> Self {
        Self {
            visit,
            kind: MessageKind::of(kind),
            method: request.method.clone(),
            url: request.url.to_string(),
            request_headers: request.headers.clone(),
            status: None,
            response_headers: HeaderList::EMPTY,
            failure: None,
            handler_calls: 0,
        }
    }

    /// Creates a message for a visitor that the case does not contain.
    pub fn of(request: &WireRequest, response: &Response) -> Self {
        let kind = if request.is_cors_preflight() { RequestKind::Preflight } else { RequestKind::Actual };
        let status = Some(response.status);
        Self { status, response_headers: response.headers.clone(), ..Self::asked(0, Some(kind), request) }
    }

    /// Creates a message for one of the other visitors of a case.
    pub fn of_visitor(visitor: &Visitor) -> Option<Self> {
        let message = Self::of(&visitor.request, visitor.response.as_ref()?);
        Some(Self { handler_calls: visitor.handler_calls, ..message })
    }

    /// Creates a message for a visitor that a cache answers.
    pub fn from_cache(request: &WireRequest, response: &Response) -> Self {
        Self { kind: MessageKind::Cached, ..Self::of(request, response) }
    }

    /// Creates a message for an exchange of a run.
    pub fn answered(visit: usize, exchange: &Exchange) -> Self {
        let mut message = Self::asked(visit, exchange.kind, &exchange.request);
        message.handler_calls = exchange.observed.handler_calls;
        match &exchange.observed.result {
            Ok(response) => {
                message.status = Some(response.status);
                message.response_headers = response.headers.clone();
            }
            Err(Failure::Panicked(why)) => message.failure = Some(format!("panicked: {why}")),
            Err(Failure::Malformed(why)) => message.failure = Some(format!("no HTTP: {why}")),
            Err(Failure::NotRepresentable(why) | Failure::Ended(why) | Failure::Hung(why)) => {
                message.failure = Some(why.clone());
            }
        }
        message
    }
}
