//! Browsers, as small tables of deviations from the standard, documented or measured: `conformance/BROWSERS.md`
//! tells by which runs, and what is not in the tables yet.

/// A user agent: the standard's own, or a browser with its deviations.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Agent {
    /// The name given to `--agent`.
    pub name: &'static str,
    /// Whether `*` in `Access-Control-Allow-Headers` covers `Authorization`, against
    /// [CORS-preflight fetch](https://fetch.spec.whatwg.org/#cors-preflight-fetch-0) step 7.6.
    pub wildcard_covers_authorization: bool,
    /// The [imposed limit on max-age](https://fetch.spec.whatwg.org/#concept-cache-max-age), in seconds.
    pub max_age_limit: Option<u64>,
    /// Whether a negative `Access-Control-Max-Age` is 0, where step 7.9 of the CORS-preflight fetch makes what
    /// does not parse 5.
    pub negative_max_age_is_zero: bool,
    /// Whether the values of a header that a page sets twice are combined before the
    /// [safelist](https://fetch.spec.whatwg.org/#cors-safelisted-request-header) looks at each.
    pub combines_repeated_headers: bool,
    /// Whether a new grant replaces all that the
    /// [CORS-preflight cache](https://fetch.spec.whatwg.org/#cors-preflight-cache) holds for its URL.
    pub replaces_grants: bool,
    /// Whether a failed preflight alone clears the cache, where step 12 of
    /// [main fetch](https://fetch.spec.whatwg.org/#concept-main-fetch) clears it for any network error after one.
    pub only_preflights_clear: bool,
    /// Whether a cached `*` covers `Authorization`, against the
    /// [header-name cache entry match](https://fetch.spec.whatwg.org/#concept-cache-match-header).
    pub cached_wildcard_covers_authorization: bool,
    /// Whether a redirect of a preflighted request is preflighted whatever it has become, where main fetch
    /// step 12 asks anew whether it needs to be.
    pub preflights_every_redirect: bool,
    /// Whether a preflight is sent and checked with the page's own origin after a redirect that taints it,
    /// against [serializing a request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin) step 2.
    pub preflights_untainted: bool,
}

/// The standard, to the letter; it imposes no limit on max-age.
pub const STANDARD: Agent = Agent {
    name: "standard",
    wildcard_covers_authorization: false,
    max_age_limit: None,
    negative_max_age_is_zero: false,
    combines_repeated_headers: false,
    replaces_grants: false,
    only_preflights_clear: false,
    cached_wildcard_covers_authorization: false,
    preflights_every_redirect: false,
    preflights_untainted: false,
};

/// Chromium. `Authorization`: MDN's compatibility table of Access-Control-Allow-Headers
/// ("authorization_not_covered_by_wildcard": no). Limit: `kMaxTimeout` in `preflight_result.cc`. The rest:
/// measured with Chromium 156.
pub const CHROMIUM: Agent = Agent {
    name: "chromium",
    wildcard_covers_authorization: true,
    max_age_limit: Some(7_200),
    negative_max_age_is_zero: true,
    combines_repeated_headers: true,
    replaces_grants: true,
    only_preflights_clear: true,
    ..STANDARD
};

/// Firefox. `Authorization`: behind `network.cors_preflight.authorization_covered_by_wildcard`, which
/// is on by default. Limit: 24 hours, in `nsCORSListenerProxy.cpp`. The rest: measured with Firefox 153.
pub const FIREFOX: Agent = Agent {
    name: "firefox",
    wildcard_covers_authorization: true,
    max_age_limit: Some(86_400),
    negative_max_age_is_zero: true,
    preflights_every_redirect: true,
    preflights_untainted: true,
    ..STANDARD
};

/// WebKit. `Authorization`: as Chromium. Limit: `maxPreflightCacheTimeout` in
/// `CrossOriginPreflightResultCache.cpp`. The rest: measured with WebKitGTK 2.50.
pub const WEBKIT: Agent = Agent {
    name: "webkit",
    wildcard_covers_authorization: true,
    max_age_limit: Some(600),
    negative_max_age_is_zero: true,
    combines_repeated_headers: true,
    replaces_grants: true,
    only_preflights_clear: true,
    cached_wildcard_covers_authorization: true,
    preflights_every_redirect: true,
    ..STANDARD
};

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
