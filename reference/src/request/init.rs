//! The input of `fetch()`.

use serde::{Deserialize, Serialize};

use super::modes::{CredentialsMode, Mode, RedirectMode};
use crate::{header_list::HeaderList, spec::Step};

/// The [`RequestInit`](https://fetch.spec.whatwg.org/#requestinit) that a page's script passes to `fetch()`. A field
/// that is left out in JSON has `fetch()`'s own default.
///
/// Fields will be added. Build it as `RequestInit { method, ..RequestInit::default() }`.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default, deny_unknown_fields)]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub struct RequestInit {
    /// The method, as the script spells it.
    pub method: String,
    /// The headers, as the script lists them.
    pub headers: HeaderList,
    /// A text body, or none.
    pub body: Option<String>,
    /// The credentials mode.
    pub credentials: CredentialsMode,
    /// The mode.
    pub mode: Mode,
    /// The redirect mode.
    pub redirect: RedirectMode,
}

impl Default for RequestInit {
    fn default() -> Self {
        Self {
            method: "GET".to_owned(),
            headers: HeaderList::default(),
            body: None,
            credentials: CredentialsMode::default(),
            mode: Mode::default(),
            redirect: RedirectMode::default(),
        }
    }
}

/// The `TypeError` with which `fetch()` rejects before anything is sent, as the step that throws it.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("fetch() rejects with a TypeError at {0}")]
pub struct TypeError(pub &'static Step);
