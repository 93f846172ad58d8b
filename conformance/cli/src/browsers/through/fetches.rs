//! What pages ask for, each named after its meaning.

use cors_conformance::case::PageFetch;
use cors_reference::{
    origin::Origin,
    request::{CredentialsMode, Mode, RequestInit},
};

use crate::browsers::cases::World;

/// Who asks.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Page {
    /// `http://localhost:PORT`, which most lists name.
    Usual,
    /// `http://app.localhost:PORT`, a subdomain that some lists name.
    App,
    /// `http://evil.localhost:PORT`, which no list names, though a pattern may match it.
    Evil,
    /// `http://localhost` with another port.
    OtherPort,
    /// A sandboxed frame, whose origin is `null`.
    Sandboxed,
}

/// Every page.
pub(super) const PAGES: [Page; 5] = [Page::Usual, Page::App, Page::Evil, Page::OtherPort, Page::Sandboxed];

impl Page {
    fn name(self) -> &'static str {
        match self {
            Self::Usual => "usual",
            Self::App => "app",
            Self::Evil => "evil",
            Self::OtherPort => "other-port",
            Self::Sandboxed => "null",
        }
    }

    /// Its origin, serialized.
    pub(super) fn origin(self, world: World) -> String {
        match self {
            Self::Usual => format!("http://localhost:{}", world.page),
            Self::App => format!("http://app.localhost:{}", world.page),
            Self::Evil => format!("http://evil.localhost:{}", world.page),
            Self::OtherPort => format!("http://localhost:{}", world.third),
            Self::Sandboxed => "null".to_owned(),
        }
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
        Self { name, page: Page::Usual, request, pauses: Vec::new() }
    }

    fn named(self, word: &str) -> Self {
        Self { name: format!("{}-{word}", self.name), ..self }
    }

    pub(super) fn from(self, page: Page) -> Self {
        let named = if page == Page::Usual { self } else { self.named("from").named(page.name()) };
        Self { page, ..named }
    }

    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
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

    /// The same once more, so many milliseconds later.
    pub(super) fn again(mut self, after_ms: u64, word: &str) -> Self {
        self.pauses.push(after_ms);
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
