//! [Requests](https://fetch.spec.whatwg.org/#concept-request): what a page's script asks for, what the
//! browser makes of it, and what goes out on the wire.

use std::borrow::Cow;

use serde::{Deserialize, Serialize};
use url::Url;

use crate::{
    address_space::AddressSpace,
    agent::{Agent, Deviation, STANDARD},
    header::{HeaderName, HeaderValue, is_token},
    header_list::HeaderList,
    origin::Origin,
    safelist::{
        cors_unsafe_request_header_names, is_cors_safelisted_method, is_forbidden_method,
        is_no_cors_safelisted_request_header, normalize_method,
    },
    spec::{self, Step},
};

/// A [credentials mode](https://fetch.spec.whatwg.org/#concept-request-credentials-mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum CredentialsMode {
    /// Never sends credentials.
    Omit,
    /// Sends them to the page's own origin only.
    #[default]
    SameOrigin,
    /// Always sends them.
    Include,
}

/// A [mode](https://fetch.spec.whatwg.org/#concept-request-mode) that a script can ask for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum Mode {
    /// The CORS protocol decides.
    #[default]
    Cors,
    /// The answer is opaque.
    NoCors,
    /// Other origins are a network error.
    SameOrigin,
}

/// A [redirect mode](https://fetch.spec.whatwg.org/#concept-request-redirect-mode).
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Default, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
#[cfg_attr(feature = "schema", derive(schemars::JsonSchema))]
pub enum RedirectMode {
    /// Follows them.
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
    /// Same-origin.
    Basic,
    /// The CORS check decides.
    Cors,
    /// The page sees nothing.
    Opaque,
}

/// What a page's script passes to `fetch()`; what is left out has `fetch()`'s own default.
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

/// A [request](https://fetch.spec.whatwg.org/#concept-request) under way. Its origin, mode, credentials
/// mode and redirect mode never change; the rest follows redirects.
#[derive(Debug, Clone)]
pub struct Request {
    /// Who makes it.
    pub agent: Agent,
    /// The method, normalized.
    pub method: String,
    /// The header list, without what a script may not set.
    pub headers: HeaderList,
    /// The body's bytes.
    pub body: Option<Vec<u8>>,
    /// The origin of the page.
    pub origin: Origin,
    /// The mode.
    pub mode: Mode,
    /// The credentials mode.
    pub credentials: CredentialsMode,
    /// The redirect mode.
    pub redirect: RedirectMode,
    /// The response tainting.
    pub tainting: Tainting,
    /// The timing allow failed flag: some answer on the way failed the
    /// [TAO check](https://fetch.spec.whatwg.org/#concept-tao-check).
    pub timing_allow_failed: bool,
    /// The [target IP address space](https://wicg.github.io/private-network-access/#request-target-ip-address-space).
    pub target_address_space: Option<AddressSpace>,
    /// The redirect count.
    pub redirect_count: u8,
    current_url: Url,
    redirect_tainted: bool,
    first_headers: HeaderList,
    just_removed: Vec<&'static str>,
    keeps_origin: bool,
    hides_origin: bool,
}

/// A script error: `fetch()` rejects before anything is sent.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("fetch() rejects with a TypeError at {0}")]
pub struct TypeError(pub &'static Step);

impl Request {
    /// The request that [`fetch(url, init)`](https://fetch.spec.whatwg.org/#dom-request) makes in a page
    /// of that origin.
    ///
    /// # Errors
    ///
    /// [`TypeError`], with the step that throws it.
    pub fn new(page: &Origin, url: &str, init: &RequestInit) -> Result<Self, TypeError> {
        Self::by(STANDARD, page, url, init)
    }

    /// The same, as an agent makes it.
    ///
    /// # Errors
    ///
    /// [`TypeError`], with the step that throws it.
    pub fn by(agent: Agent, page: &Origin, url: &str, init: &RequestInit) -> Result<Self, TypeError> {
        // 5.2. If parsedURL is failure, then throw a TypeError. The base URL is not modelled.
        let url = Url::parse(url).map_err(|_| TypeError(&spec::REQUEST_5_2))?;
        Self::to(agent, page, url, init)
    }

    /// The same, of a URL that was parsed.
    ///
    /// # Errors
    ///
    /// [`TypeError`], with the step that throws it.
    pub fn to(agent: Agent, page: &Origin, url: Url, init: &RequestInit) -> Result<Self, TypeError> {
        // 5.3. If parsedURL includes credentials, then throw a TypeError.
        if includes_credentials(&url) {
            return Err(TypeError(&spec::REQUEST_5_3));
        }
        // 25.2. If method is not a method or method is a forbidden method, then throw a TypeError.
        if !is_token(init.method.as_bytes()) || is_forbidden_method(&init.method) {
            return Err(TypeError(&spec::REQUEST_25_2));
        }
        // 25.3. Normalize method.
        let method = normalize_method(&init.method);
        // 32.1. In no-cors mode, a method that is not CORS-safelisted throws a TypeError.
        if init.mode == Mode::NoCors && !is_cors_safelisted_method(method) {
            return Err(TypeError(&spec::REQUEST_32_1));
        }
        let mut request = Self {
            agent,
            method: method.to_owned(),
            headers: HeaderList::default(),
            body: init.body.as_ref().map(|text| text.as_bytes().to_vec()),
            origin: page.clone(),
            mode: init.mode,
            credentials: init.credentials,
            redirect: init.redirect,
            tainting: Tainting::Basic,
            timing_allow_failed: false,
            target_address_space: None,
            redirect_count: 0,
            current_url: url,
            redirect_tainted: false,
            first_headers: HeaderList::EMPTY,
            just_removed: Vec::new(),
            keeps_origin: false,
            hides_origin: false,
        };
        // 33.5. Fill this's headers.
        for (name, value) in init.headers.iter() {
            request.append_header(name, value)?;
        }
        // 35. A body with GET or HEAD throws a TypeError.
        if request.body.is_some() && matches!(method, "GET" | "HEAD") {
            return Err(TypeError(&spec::REQUEST_35));
        }
        // 37.4. A text body brings its Content-Type.
        if request.body.is_some() && !request.headers.contains("Content-Type") {
            request.headers = request.headers.with("Content-Type", "text/plain;charset=UTF-8");
        }
        if agent.has(Deviation::CombinesRepeatedHeaders) {
            request.headers = request.headers.combined();
        }
        request.first_headers = request.headers.clone();
        Ok(request)
    }

    /// [Appends](https://fetch.spec.whatwg.org/#concept-headers-append) to the script's `Headers` object.
    fn append_header(&mut self, name: &HeaderName, value: &HeaderValue) -> Result<(), TypeError> {
        // 1. Normalize value: here also newlines at either end go.
        let is_content = |b: &u8| !matches!(b, b'\t' | b'\n' | b'\r' | b' ');
        let bytes = value.as_bytes();
        let start = bytes.iter().position(is_content).unwrap_or(bytes.len());
        let end = bytes.iter().rposition(is_content).map_or(start, |last| last + 1);
        let value = HeaderValue::from_wire(&bytes[start..end]);
        // 2. Validate (name, value): throws, or tells that the header is forbidden.
        if !value.is_header_value() {
            return Err(TypeError(&spec::HEADERS_VALIDATE_1));
        }
        if self.mode == Mode::NoCors {
            // 3. Guard "request-no-cors": with what is there already, it must stay safelisted.
            let mut temporary_value =
                self.headers.get(name.as_str()).map(|joined| [&joined.to_vec()[..], b", "].concat());
            let temporary_value = temporary_value.get_or_insert_default();
            temporary_value.extend_from_slice(value.as_bytes());
            if !is_no_cors_safelisted_request_header(name.as_str(), temporary_value, &self.agent) {
                return Ok(());
            }
        } else if self.agent.is_forbidden_request_header(name.as_str(), value.as_bytes()) {
            return Ok(());
        }
        // 4. Append (name, value) to headers's header list.
        self.headers.append(name.clone(), value);
        Ok(())
    }

    /// The [current URL](https://fetch.spec.whatwg.org/#concept-request-current-url).
    pub fn current_url(&self) -> &Url {
        &self.current_url
    }

    /// Whether it is sent with `Origin`
    /// ([append a request `Origin` header](https://fetch.spec.whatwg.org/#append-a-request-origin-header)): for
    /// tainting "cors", and else for all but GET and HEAD.
    pub(crate) fn carries_origin(&self) -> bool {
        self.tainting == Tainting::Cors || self.keeps_origin || !matches!(self.method.as_str(), "GET" | "HEAD")
    }

    /// Deletes the headers that a redirect takes away.
    pub(crate) fn remove_headers(&mut self, names: Vec<&'static str>) {
        for name in &names {
            self.headers.delete(name);
        }
        self.just_removed = names;
    }

    /// Whether it is sent with credentials
    /// ([HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), step 8.3).
    pub(crate) fn includes_credentials(&self) -> bool {
        match self.credentials {
            CredentialsMode::Include => true,
            CredentialsMode::SameOrigin => self.tainting == Tainting::Basic,
            CredentialsMode::Omit => false,
        }
    }

    /// Whether a URL is of another origin than its current one.
    pub(crate) fn leaves_origin(&self, next: &Url) -> bool {
        !Origin::of(&self.current_url).is_of(next)
    }

    /// Appends to the URL list, and keeps the
    /// [redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin): whether some URL
    /// left an origin that is not the page's for yet another.
    pub fn append_url(&mut self, url: Url) {
        let leaves = self.leaves_origin(&url);
        self.redirect_tainted |= leaves && !self.origin.is_of(&self.current_url);
        self.keeps_origin &= !leaves;
        self.hides_origin |=
            leaves && self.mode == Mode::NoCors && self.agent.has(Deviation::NoCorsRedirectsHideOrigin);
        self.current_url = url;
    }

    /// The [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names) of
    /// its header list.
    pub fn unsafe_header_names(&self) -> Vec<String> {
        cors_unsafe_request_header_names(&self.headers, &self.agent)
    }

    /// Whether its header list had CORS-unsafe request-header names before any redirect.
    pub(crate) fn had_unsafe_header_names(&self) -> bool {
        !cors_unsafe_request_header_names(&self.first_headers, &self.agent).is_empty()
    }

    /// Lets it carry `Origin` still after a redirect within the origin, where the agent does so.
    pub(crate) fn keep_origin(&mut self) {
        self.keeps_origin = self.carries_origin() && self.agent.has(Deviation::OriginStaysWithinOrigin);
    }

    /// The request as its preflight speaks for it: the same, but for what the agent's table says.
    pub(crate) fn preflighted(&self) -> Cow<'_, Self> {
        let is_untainted = self.redirect_tainted && self.agent.has(Deviation::PreflightsAreUntainted);
        let forgets = self.agent.has(Deviation::PreflightsAskForHeadersRemovedBefore);
        let asks_for_removed = forgets || self.agent.has(Deviation::PreflightsAskForRemovedHeaders);
        if self.redirect_count == 0 || !(is_untainted || asks_for_removed) {
            return Cow::Borrowed(self);
        }
        let mut preflighted = self.clone();
        preflighted.redirect_tainted &= !is_untainted;
        if asks_for_removed {
            preflighted.headers = self.first_headers.clone();
            for name in self.just_removed.iter().filter(|_| forgets) {
                preflighted.headers.delete(name);
            }
        }
        Cow::Owned(preflighted)
    }

    /// [Serializing a request origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin).
    pub fn serialize_origin(&self) -> &str {
        if self.redirect_tainted || self.hides_origin { "null" } else { self.origin.serialize() }
    }
}

/// Whether a URL's scheme is an [HTTP(S) scheme](https://fetch.spec.whatwg.org/#http-scheme).
pub(crate) fn has_http_scheme(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Whether a URL [includes credentials](https://url.spec.whatwg.org/#include-credentials).
pub(crate) fn includes_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}

/// What is sent: a request as it goes out on the wire, with the headers that the model decides.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct WireRequest {
    /// The method.
    pub method: String,
    /// The URL, without its fragment.
    pub url: Url,
    /// The header list.
    pub headers: HeaderList,
    /// The body's bytes.
    pub body: Option<Vec<u8>>,
}

impl WireRequest {
    /// Whether this is a [CORS-preflight request](https://fetch.spec.whatwg.org/#cors-preflight-request):
    /// `OPTIONS` with `Origin` and `Access-Control-Request-Method`.
    pub fn is_cors_preflight(&self) -> bool {
        self.method == "OPTIONS"
            && self.headers.contains("Origin")
            && self.headers.contains("Access-Control-Request-Method")
    }
}
