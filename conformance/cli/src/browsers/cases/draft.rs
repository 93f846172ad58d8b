//! A case in the making, with the answers that most cases share.

use cors_conformance::case::script::{Answer, Hop, Visit, WireText};
use cors_reference::{
    header::{HeaderValue, isomorphic_decode, isomorphic_encode},
    origin::Origin,
    request::{CredentialsMode, Mode, RedirectMode, RequestInit},
};

use super::World;

pub(super) const ACAO: &str = "Access-Control-Allow-Origin";
pub(super) const ACAC: &str = "Access-Control-Allow-Credentials";
pub(super) const ACAM: &str = "Access-Control-Allow-Methods";
pub(super) const ACAH: &str = "Access-Control-Allow-Headers";
pub(super) const ACMA: &str = "Access-Control-Max-Age";
pub(super) const ACEH: &str = "Access-Control-Expose-Headers";

/// Both kinds of credentials modes, as CORS sees them.
pub(super) const BOTH: [CredentialsMode; 2] = [CredentialsMode::Omit, CredentialsMode::Include];

/// A draft with the name of its group.
pub(super) type Grouped = (&'static str, Draft);

/// Whose URL a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The page's own server.
    Own,
    /// Another origin.
    Target,
    /// Yet another one.
    Third,
}

/// One visit; `{id}` in a header's value becomes the case's id.
#[derive(Debug, Clone)]
pub(super) struct Draft {
    world: World,
    place: Place,
    visit: Visit,
    path: &'static str,
}

impl Draft {
    /// A GET of the target by the usual page, with neither credentials nor an answer yet.
    pub(super) fn new(world: World) -> Self {
        let page_origin = world.page_origin().parse().unwrap_or(Origin::OPAQUE);
        let request = RequestInit { credentials: CredentialsMode::Omit, ..RequestInit::default() };
        let visit = Visit {
            after_ms: 0,
            page_origin,
            url: String::new(),
            request,
            preflight_response: None,
            response: None,
            hops: Vec::new(),
        };
        Self { world, place: Place::Target, visit, path: "0" }
    }

    /// The same with every answer that grants what a browser can ask for without the wildcard.
    pub(super) fn granted(world: World, credentials: CredentialsMode) -> Self {
        let draft = Self::new(world).credentials(credentials);
        let allow = draft.allow();
        let names = "accept, accept-language, content-language, content-type, range, x-a, x-b, authorization";
        let preflight =
            [&allow[..], &[(ACAM, "PUT, DELETE, PATCH, OPTIONS, CHICKEN".into()), (ACAH, names.into())]].concat();
        draft.preflight(200, &preflight).answer(200, &allow)
    }

    /// The headers that share an answer with this page.
    pub(super) fn allow(&self) -> Vec<(&'static str, String)> {
        let mut allow = vec![(ACAO, self.visit.page_origin.serialize().to_owned())];
        if self.visit.request.credentials == CredentialsMode::Include {
            allow.push((ACAC, "true".to_owned()));
        }
        allow
    }

    pub(super) fn page(mut self, origin: &str) -> Self {
        self.visit.page_origin = origin.parse().unwrap_or(Origin::OPAQUE);
        self
    }

    pub(super) fn to(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Another URL of the same case, by the last part of its path.
    pub(super) fn path(mut self, path: &'static str) -> Self {
        self.path = path;
        self
    }

    pub(super) fn after(mut self, ms: u64) -> Self {
        self.visit.after_ms = ms;
        self
    }

    pub(super) fn credentials(mut self, credentials: CredentialsMode) -> Self {
        self.visit.request.credentials = credentials;
        self
    }

    pub(super) fn mode(mut self, mode: Mode) -> Self {
        self.visit.request.mode = mode;
        self
    }

    pub(super) fn redirect(mut self, redirect: RedirectMode) -> Self {
        self.visit.request.redirect = redirect;
        self
    }

    pub(super) fn method(mut self, method: &str) -> Self {
        self.visit.request.method = method.to_owned();
        self
    }

    pub(super) fn body(mut self, body: &str) -> Self {
        self.visit.request.body = Some(body.to_owned());
        self
    }

    /// A header that the page sets; one character a byte.
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(bytes)) = (name.parse(), isomorphic_encode(value)) {
            self.visit.request.headers.append(name, HeaderValue::from_wire(&bytes));
        }
        self
    }

    pub(super) fn preflight<V: AsRef<str>>(mut self, status: u16, headers: &[(&str, V)]) -> Self {
        self.visit.preflight_response = Some(answer(status, headers));
        self
    }

    pub(super) fn answer<V: AsRef<str>>(mut self, status: u16, headers: &[(&str, V)]) -> Self {
        let plain = [("Content-Type", "text/plain")];
        let mut answer = answer(status, headers);
        answer.headers.extend(self::answer(status, &plain).headers);
        self.visit.response = Some(answer);
        self
    }

    /// The answer with these headers alone.
    pub(super) fn answer_plainly<V: AsRef<str>>(mut self, status: u16, headers: &[(&str, V)]) -> Self {
        self.visit.response = Some(answer(status, headers));
        self
    }

    /// The answers after the next redirect.
    pub(super) fn hop<V: AsRef<str>>(mut self, preflight: &[(&str, V)], status: u16, headers: &[(&str, V)]) -> Self {
        let hop = Hop { preflight_response: Some(answer(200, preflight)), response: Some(answer(status, headers)) };
        self.visit.hops.push(hop);
        self
    }

    /// The visit, with the case's URLs filled in.
    pub(super) fn finish(mut self, id: &str) -> Visit {
        let base = |place| match place {
            Place::Own => self.world.page_origin(),
            Place::Target => format!("http://127.0.0.1:{}", self.world.target),
            Place::Third => format!("http://third.localhost:{}", self.world.third),
        };
        self.visit.url = format!("{}/c/{id}/{}", base(self.place), self.path);
        // What is not scripted gets 404 without headers, as the server answers it.
        let visit = &mut self.visit;
        visit.preflight_response.get_or_insert_with(|| answer::<&str>(404, &[]));
        visit.response.get_or_insert_with(|| answer::<&str>(404, &[]));
        let hops = visit.hops.iter_mut().flat_map(|hop| [&mut hop.preflight_response, &mut hop.response]);
        for answer in hops.chain([&mut visit.preflight_response, &mut visit.response]).flatten() {
            for (_, text) in &mut answer.headers {
                let value = isomorphic_decode(&text.0);
                if value.contains('{') {
                    let places = [(Place::Own, "own"), (Place::Target, "target"), (Place::Third, "third")];
                    let filled = places.into_iter().fold(value.replace("{id}", id), |text, (place, name)| {
                        let with_user = base(place).replace("://", "://user:secret@");
                        text.replace(&format!("{{{name}}}"), &base(place)).replace(&format!("{{{name}@}}"), &with_user)
                    });
                    // A case's own places are ASCII, so that every character is a byte still.
                    text.0 = isomorphic_encode(&filled).unwrap_or_default();
                }
            }
        }
        self.visit
    }
}

fn answer<V: AsRef<str>>(status: u16, headers: &[(&str, V)]) -> Answer {
    let headers = headers
        .iter()
        .filter_map(|(name, value)| Some((name.parse().ok()?, WireText(isomorphic_encode(value.as_ref()).ok()?))));
    Answer { status, headers: headers.collect() }
}
