//! The modes of a request.

use serde::{Deserialize, Serialize};

/// A [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CredentialsMode {
    /// Never sends credentials.
    Omit,
    /// Sends credentials to the page's own origin only.
    #[default]
    SameOrigin,
    /// Always sends credentials.
    Include,
}

/// A [mode](https://fetch.spec.whatwg.org/#concept-request-mode) that a script can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Mode {
    /// The CORS protocol decides whether the page reads a response of another origin.
    #[default]
    Cors,
    /// A response of another origin is opaque.
    NoCors,
    /// A URL of another origin is a network error.
    SameOrigin,
}

/// A [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RedirectMode {
    /// Redirects are followed.
    #[default]
    Follow,
    /// A redirect is a network error.
    Error,
    /// A redirect is an opaque-redirect filtered response.
    Manual,
}

/// A [response tainting](https://fetch.spec.whatwg.org/#concept-request-response-tainting).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash)]
pub enum Tainting {
    /// The response is of the page's own origin.
    Basic,
    /// The CORS check decides.
    Cors,
    /// The page reads nothing.
    Opaque,
}
