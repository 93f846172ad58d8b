//! What pages ask for, each named after its meaning.

use cors_conformance::case::PageFetch;
use cors_reference::{
    origin::Origin,
    request::{CredentialsMode, Mode, RequestInit},
};

use crate::browsers::cases::World;

/// Who asks: a page of this machine, or a sandboxed frame.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Page {
    /// What a fetch's name calls it; nothing for the usual page.
    name: &'static str,
    /// Its host; none is a sandboxed frame, whose origin is `null`.
    host: Option<&'static str>,
    /// Whether it is another server's.
    is_elsewhere: bool,
}

/// Most lists name it.
pub(super) const USUAL: Page = page("", "localhost");
/// Some lists and patterns name it.
pub(super) const APP: Page = page("app", "app.localhost");
/// No list names it, though a pattern may match it.
pub(super) const EVIL: Page = page("evil", "evil.localhost");
const OTHER_PORT: Page = Page { is_elsewhere: true, ..page("other-port", "localhost") };
const SANDBOXED: Page = Page { host: None, ..page("null", "") };

/// Those that each policy about origins is asked by.
pub(super) const PAGES: [Page; 5] = [USUAL, APP, EVIL, OTHER_PORT, SANDBOXED];

/// An origin with dots, and then those that a careless comparison takes for it.
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
    /// Its origin, serialized.
    pub(super) fn origin(self, world: World) -> String {
        let port = if self.is_elsewhere { world.third } else { world.page };
        self.host.map_or_else(|| "null".to_owned(), |host| format!("http://{host}:{port}"))
    }
}

/// One or more equal fetches, named by what they ask for.
#[derive(Debug, Clone)]
pub(super) struct Fetches {
    pub(super) name: String,
    page: Page,
    request: RequestInit,
    /// Milliseconds between one and the next.
    pauses: Vec<u64>,
}

impl Fetches {
    /// A fetch by the usual page, without credentials.
    pub(super) fn new(method: &str) -> Self {
        let request =
            RequestInit { method: method.to_owned(), credentials: CredentialsMode::Omit, ..RequestInit::default() };
        // A method in lower case is another method, but for the six that are normalized.
        let name = if method == "patch" { "lowercase-patch".to_owned() } else { method.to_ascii_lowercase() };
        Self { name, page: USUAL, request, pauses: Vec::new() }
    }

    fn named(self, word: &str) -> Self {
        Self { name: format!("{}-{word}", self.name), ..self }
    }

    pub(super) fn from(self, page: Page) -> Self {
        let named = if page.name.is_empty() { self } else { self.named("from").named(page.name) };
        Self { page, ..named }
    }

    pub(super) fn header(mut self, name: &'static str, value: &str) -> Self {
        self.request.headers = self.request.headers.with(name, value);
        self.named(&name.to_ascii_lowercase())
    }

    pub(super) fn text(mut self) -> Self {
        self.request.body = Some("text".to_owned());
        self.named("text")
    }

    pub(super) fn include(mut self) -> Self {
        self.request.credentials = CredentialsMode::Include;
        self.named("include")
    }

    pub(super) fn no_cors(mut self) -> Self {
        self.request.mode = Mode::NoCors;
        self.named("no-cors")
    }

    /// The same again, each so many milliseconds after the one before.
    pub(super) fn again(mut self, pauses: &[u64], word: &str) -> Self {
        self.pauses.extend(pauses);
        self.named(word)
    }

    /// The fetches, of that URL.
    pub(super) fn of(&self, world: World, url: &str) -> Vec<PageFetch> {
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
