//! A request under way.

use url::Url;

use super::modes::{CredentialsMode, Mode, RedirectMode, Tainting};
use crate::{
    address_space::AddressSpace, header_list::HeaderList, origin::Origin, safelist::cors_unsafe_request_header_names,
};

/// A [request](https://fetch.spec.whatwg.org/#concept-request) under way. Its origin, mode, credentials mode and
/// redirect mode never change. Redirects change the rest.
#[derive(Debug, Clone)]
#[non_exhaustive]
pub struct Request {
    /// The method, normalized.
    pub method: String,
    /// The header list, without the headers that a script may not set.
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
    /// The timing allow failed flag: true if some response on the way failed the
    /// [TAO check](https://fetch.spec.whatwg.org/#concept-tao-check).
    pub timing_allow_failed: bool,
    /// The [target IP address space](https://wicg.github.io/private-network-access/#request-target-ip-address-space).
    pub target_address_space: Option<AddressSpace>,
    /// The redirect count.
    pub redirect_count: u8,
    current_url: Url,
    /// True if the redirect-taint is not "same-origin".
    is_redirect_tainted: bool,
}

impl Request {
    /// Builds a request with these properties, and the standard's default for every other one.
    pub(crate) fn with(
        (url, method, origin): (Url, String, Origin),
        (mode, credentials, redirect): (Mode, CredentialsMode, RedirectMode),
    ) -> Self {
        Self {
            method,
            headers: HeaderList::EMPTY,
            body: None,
            origin,
            mode,
            credentials,
            redirect,
            tainting: Tainting::Basic,
            timing_allow_failed: false,
            target_address_space: None,
            redirect_count: 0,
            current_url: url,
            is_redirect_tainted: false,
        }
    }

    /// Returns the [current URL](https://fetch.spec.whatwg.org/#concept-request-current-url).
    pub fn current_url(&self) -> &Url {
        &self.current_url
    }

    /// Returns true if the URL's origin is not the current URL's origin.
    pub(crate) fn leaves_origin(&self, next: &Url) -> bool {
        !Origin::of(&self.current_url).is_of(next)
    }

    /// Appends to the URL list and updates the
    /// [redirect-taint](https://fetch.spec.whatwg.org/#concept-request-tainted-origin). The list itself is not kept:
    /// of its URLs, an algorithm reads the last one only, and the redirect-taint.
    pub fn append_url(&mut self, url: Url) {
        // 1–3. The origin is a page's. The last URL is the current one. An earlier taint stays.
        // 4. For each URL of the list, which here is the new one:
        // 4.1. There is a last URL.
        // 4.2. Not modelled: "cross-site" and "same-site" have the same effect on every header of the CORS protocol.
        // 4.3. A URL that leaves an origin which is not the request's taints the request.
        self.is_redirect_tainted |= self.leaves_origin(&url) && !self.origin.is_of(&self.current_url);
        // 4.4. Set the last URL to url.
        self.current_url = url;
        // 5. `serialize_origin` reads the taint.
    }

    /// Sets the redirect-taint to a value that is not "same-origin".
    pub(crate) fn taint(&mut self) {
        self.is_redirect_tainted = true;
    }

    /// Returns a copy whose redirect-taint is "same-origin".
    pub(crate) fn without_taint(&self) -> Self {
        Self { is_redirect_tainted: false, ..self.clone() }
    }

    /// [Serializes the request's origin](https://fetch.spec.whatwg.org/#serializing-a-request-origin).
    pub fn serialize_origin(&self) -> &str {
        // 1. The origin is a page's.
        // 2. If the redirect-taint is not "same-origin", then return "null".
        // 3. Return the origin, serialized.
        if self.is_redirect_tainted { "null" } else { self.origin.serialize() }
    }

    /// Returns the [CORS-unsafe request-header names](https://fetch.spec.whatwg.org/#cors-unsafe-request-header-names)
    /// of the header list.
    pub fn unsafe_header_names(&self) -> Vec<String> {
        cors_unsafe_request_header_names(&self.headers)
    }

    /// Returns true if the request is sent with credentials
    /// ([HTTP-network-or-cache fetch](https://fetch.spec.whatwg.org/#concept-http-network-or-cache-fetch), step 8.3).
    pub(crate) fn includes_credentials(&self) -> bool {
        match self.credentials {
            CredentialsMode::Include => true,
            CredentialsMode::SameOrigin => self.tainting == Tainting::Basic,
            CredentialsMode::Omit => false,
        }
    }
}

/// Returns true if the URL's scheme is an [HTTP(S) scheme](https://fetch.spec.whatwg.org/#http-scheme).
pub(crate) fn has_http_scheme(url: &Url) -> bool {
    matches!(url.scheme(), "http" | "https")
}

/// Returns true if the URL [includes credentials](https://url.spec.whatwg.org/#include-credentials).
pub(crate) fn includes_credentials(url: &Url) -> bool {
    !url.username().is_empty() || url.password().is_some()
}
