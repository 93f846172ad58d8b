//! The fetches of pages, with names that describe them.

use cors_conformance::case::PageFetch;
use cors_reference::{
    origin::Origin,
    request::{CredentialsMode, Mode, RequestInit},
};

use crate::browsers::cases::World;

/// A page on this machine, or a sandboxed frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// The name in the names of fetches; empty for the usual page.
    name: &'static str,
    /// The host; `None` for a sandboxed frame, whose origin is `null`.
    host: Option<&'static str>,
    /// True if the page is on the third server.
    is_elsewhere: bool,
}

/// The page that most policies permit.
pub(super) const USUAL: Page = page("", "localhost");
/// A page that some policies permit.
pub(super) const APP: Page = page("app", "app.localhost");
/// A page that no list permits, although a pattern may match it.
pub(super) const EVIL: Page = page("evil", "evil.localhost");
const OTHER_PORT: Page = Page { is_elsewhere: true, ..page("other-port", "localhost") };
const SANDBOXED: Page = Page { host: None, ..page("null", "") };

/// The pages that fetch under each policy about origins.
pub(super) const PAGES: [Page; 5] = [USUAL, APP, EVIL, OTHER_PORT, SANDBOXED];

/// A page whose host has dots, followed by pages that a careless comparison confuses with it.
pub(super) const NEAR_MISSES: [Page; 7] = [
    page("a-b", "a.b.localhost"),
    page("unescaped-dot", "a-b.localhost"),
    page("longer-label", "xa.b.localhost"),
    page("subdomain", "x.a.b.localhost"),
    page("parent", "b.localhost"),
    page("prefix", "a.localhost"),
    Page { is_elsewhere: true, ..page("port", "a.b.localhost") },
];

const fn page(name: &'static str, host: &'static str) -> Page {
    Page { name, host: Some(host), is_elsewhere: false }
}

impl Page {
    /// Returns the serialized origin.
    pub(super) fn origin(self, world: World) -> String {
        let port = if self.is_elsewhere { world.third } else { world.page };
        self.host.map_or_else(|| "null".to_owned(), |host| format!("http://{host}:{port}"))
    }
}

/// One or more equal fetches, with a name that describes them.
#[derive(Debug, Clone)]
pub(super) struct Fetches {
    pub(super) name: String,
    page: Page,
    request: RequestInit,
    /// The milliseconds between each fetch and the next.
    pauses: Vec<u64>,
}

impl Fetches {
    /// Starts with a fetch from the usual page, without credentials.
    pub(super) fn new(method: &str) -> Self {
        let request =
            RequestInit { method: method.to_owned(), credentials: CredentialsMode::Omit, ..RequestInit::default() };
        // Only six methods are normalized to upper case. `patch` is not one of them.
        let name = if method == "patch" { "lowercase-patch".to_owned() } else { method.to_ascii_lowercase() };
        Self { name, page: USUAL, request, pauses: Vec::new() }
    }

    /// Appends a part to the name.
    fn named(self, part: &str) -> Self {
        Self { name: format!("{}-{part}", self.name), ..self }
    }

    /// Sets the page.
    pub(super) fn from(self, page: Page) -> Self {
        let named = if page.name.is_empty() { self } else { self.named("from").named(page.name) };
        Self { page, ..named }
    }

    /// Adds a request header.
    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers = self.request.headers.with(name, value);
        self.named(&name.to_ascii_lowercase())
    }

    /// Adds a text body.
    pub(super) fn text(mut self) -> Self {
        self.request.body = Some("text".to_owned());
        self.named("text")
    }

    /// Includes credentials.
    pub(super) fn include(mut self) -> Self {
        self.request.credentials = CredentialsMode::Include;
        self.named("include")
    }

    /// Sets the mode `no-cors`.
    pub(super) fn no_cors(mut self) -> Self {
        self.request.mode = Mode::NoCors;
        self.named("no-cors")
    }

    /// Repeats the fetch after each pause, in milliseconds. `part` becomes a part of the name.
    pub(super) fn again(mut self, pauses: &[u64], part: &str) -> Self {
        self.pauses.extend(pauses);
        self.named(part)
    }

    /// Returns the fetches for a URL.
    pub(super) fn page_fetches(&self, world: World, url: &str) -> Vec<PageFetch> {
        let page_origin: Origin = self.page.origin(world).parse().unwrap_or(Origin::OPAQUE);
        let fetch = |after_ms| PageFetch {
            after_ms,
            page_origin: page_origin.clone(),
            url: url.to_owned(),
            request: self.request.clone(),
        };
        [0].into_iter().chain(self.pauses.iter().copied()).map(fetch).collect()
    }
}
