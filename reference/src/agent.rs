//! Browsers, as small tables of documented deviations from the standard.

/// A user agent: the standard's own, or a browser with the deviations it documents.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// The name given to `--agent`.
    pub name: &'static str,
    /// Whether `*` in `Access-Control-Allow-Headers` covers `Authorization`, against
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step 7.6.
    pub wildcard_covers_authorization: bool,
    /// The [imposed limit on max-age](https://fetch.spec.whatwg.org/#concept-cache-max-age), in seconds.
    pub max_age_limit: Option<u64>,
}

/// The standard, to the letter; it imposes no limit on max-age.
pub const STANDARD: Agent = Agent { name: "standard", wildcard_covers_authorization: false, max_age_limit: None };

/// Chromium. `Authorization`: MDN's compatibility table of Access-Control-Allow-Headers
/// ("authorization_not_covered_by_wildcard": no). Limit: `kMaxTimeout` in `preflight_result.cc`.
pub const CHROMIUM: Agent = Agent { name: "chromium", wildcard_covers_authorization: true, max_age_limit: Some(7_200) };

/// Firefox. `Authorization`: behind `network.cors_preflight.authorization_covered_by_wildcard`, which
/// is on by default. Limit: 24 hours, in `nsCORSListenerProxy.cpp`.
pub const FIREFOX: Agent = Agent { name: "firefox", wildcard_covers_authorization: true, max_age_limit: Some(86_400) };

/// WebKit. `Authorization`: as Chromium. Limit: `maxPreflightCacheTimeout` in
/// `CrossOriginPreflightResultCache.cpp`.
pub const WEBKIT: Agent = Agent { name: "webkit", wildcard_covers_authorization: true, max_age_limit: Some(600) };

/// Every agent.
pub const AGENTS: &[Agent] = &[STANDARD, CHROMIUM, FIREFOX, WEBKIT];

impl Agent {
    /// The agent of that name.
    pub fn named(name: &str) -> Option<Self> {
        AGENTS.iter().copied().find(|agent| agent.name == name)
    }
}

impl Default for Agent {
    fn default() -> Self {
        STANDARD
    }
}
