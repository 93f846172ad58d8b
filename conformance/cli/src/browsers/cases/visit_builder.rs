//! A builder of scripted visits.

use cors_conformance::case::script::{Answer, Hop, Visit, WireText};
use cors_reference::{
    header::{HeaderValue, isomorphic_decode, isomorphic_encode},
    origin::Origin,
    request::{CredentialsMode, Mode, RedirectMode, RequestInit},
};

use super::world::World;

pub(super) const ACAO: &str = "Access-Control-Allow-Origin";
pub(super) const ACAC: &str = "Access-Control-Allow-Credentials";
pub(super) const ACAM: &str = "Access-Control-Allow-Methods";
pub(super) const ACAH: &str = "Access-Control-Allow-Headers";
pub(super) const ACMA: &str = "Access-Control-Max-Age";
pub(super) const ACEH: &str = "Access-Control-Expose-Headers";

/// The two credentials modes that CORS distinguishes.
pub(super) const BOTH: [CredentialsMode; 2] = [CredentialsMode::Omit, CredentialsMode::Include];

/// The server that a request goes to.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Place {
    /// The server of the page.
    Own,
    /// The server at another origin.
    Target,
    /// The server at a third origin.
    Third,
}

/// A visit in the making.
///
/// In the values of response headers, `{id}` stands for the id of the case, and `{own}`, `{target}` and `{third}` for the
/// origins of the servers. `{own@}` and so on include a user and a password.
#[derive(Debug, Clone)]
pub(super) struct VisitBuilder {
    world: World,
    place: Place,
    visit: Visit,
    path: &'static str,
}

impl VisitBuilder {
    /// Starts with a GET request from the usual page to the target, without credentials and without answers.
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

    /// Starts with answers that grant the methods and headers of the cases, without wildcards.
    pub(super) fn granted(world: World, credentials: CredentialsMode) -> Self {
        let visit = Self::new(world).credentials(credentials);
        let allow = visit.allow();
        let names = "accept, accept-language, content-language, content-type, range, x-a, x-b, authorization";
        let preflight =
            [&allow[..], &[(ACAM, "PUT, DELETE, PATCH, OPTIONS, CHICKEN".into()), (ACAH, names.into())]].concat();
        visit.preflight(200, &preflight).answer(200, &allow)
    }

    /// Returns the response headers that let the page read a response.
    pub(super) fn allow(&self) -> Vec<(&'static str, String)> {
        let mut allow = vec![(ACAO, self.visit.page_origin.serialize().to_owned())];
        if self.visit.request.credentials == CredentialsMode::Include {
            allow.push((ACAC, "true".to_owned()));
        }
        allow
    }

    /// Sets the origin of the page.
    pub(super) fn page(mut self, origin: &str) -> Self {
        self.visit.page_origin = origin.parse().unwrap_or(Origin::OPAQUE);
        self
    }

    /// Sets the server.
    pub(super) fn to(mut self, place: Place) -> Self {
        self.place = place;
        self
    }

    /// Sets the last part of the path, for another URL of the same case.
    pub(super) fn path(mut self, path: &'static str) -> Self {
        self.path = path;
        self
    }

    /// Sets the time since the previous visit, in milliseconds.
    pub(super) fn after(mut self, ms: u64) -> Self {
        self.visit.after_ms = ms;
        self
    }

    /// Sets the credentials mode.
    pub(super) fn credentials(mut self, credentials: CredentialsMode) -> Self {
        self.visit.request.credentials = credentials;
        self
    }

    /// Sets the mode.
    pub(super) fn mode(mut self, mode: Mode) -> Self {
        self.visit.request.mode = mode;
        self
    }

    /// Sets the redirect mode.
    pub(super) fn redirect(mut self, redirect: RedirectMode) -> Self {
        self.visit.request.redirect = redirect;
        self
    }

    /// Sets the method.
    pub(super) fn method(mut self, method: &str) -> Self {
        self.visit.request.method = method.to_owned();
        self
    }

    /// Sets a text body.
    pub(super) fn body(mut self, body: &str) -> Self {
        self.visit.request.body = Some(body.to_owned());
        self
    }

    /// Adds a request header. The value is isomorphic-decoded: each character is one byte.
    pub(super) fn header(mut self, name: &str, value: &str) -> Self {
        if let (Ok(name), Ok(bytes)) = (name.parse(), isomorphic_encode(value)) {
            self.visit.request.headers.append(name, HeaderValue::from_wire(&bytes));
        }
        self
    }

    /// Sets the response to the preflight.
    pub(super) fn preflight<V: AsRef<str>>(mut self, status: u16, headers: &[(&str, V)]) -> Self {
        self.visit.preflight_response = Some(answer(status, headers));
        self
    }

    /// Sets the response, with a `Content-Type` of plain text.
    pub(super) fn answer<V: AsRef<str>>(mut self, status: u16, headers: &[(&str, V)]) -> Self {
        let plain = [("Content-Type", "text/plain")];
        let mut answer = answer(status, headers);
        answer.headers.extend(self::answer(status, &plain).headers);
        self.visit.response = Some(answer);
        self
    }

    /// Sets the response without a `Content-Type`.
    pub(super) fn answer_without_type<V: AsRef<str>>(mut self, status: u16, headers: &[(&str, V)]) -> Self {
        self.visit.response = Some(answer(status, headers));
        self
    }

    /// Adds the responses after the next redirect.
    pub(super) fn hop<V: AsRef<str>>(mut self, preflight: &[(&str, V)], status: u16, headers: &[(&str, V)]) -> Self {
        let hop = Hop { preflight_response: Some(answer(200, preflight)), response: Some(answer(status, headers)) };
        self.visit.hops.push(hop);
        self
    }

    /// Builds the visit for the case with this id.
    pub(super) fn build(mut self, id: &str) -> Visit {
        let base = |place| match place {
            Place::Own => self.world.page_origin(),
            Place::Target => format!("http://127.0.0.1:{}", self.world.target),
            Place::Third => format!("http://third.localhost:{}", self.world.third),
        };
        self.visit.url = format!("{}/c/{id}/{}", base(self.place), self.path);
        // The server answers a request without a script with status 404 and no headers.
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
                    // The origins are ASCII, so every character is still one byte.
                    text.0 = isomorphic_encode(&filled).unwrap_or_default();
                }
            }
        }
        self.visit
    }
}

/// Builds a response.
fn answer<V: AsRef<str>>(status: u16, headers: &[(&str, V)]) -> Answer {
    let headers = headers
        .iter()
        .filter_map(|(name, value)| Some((name.parse().ok()?, WireText(isomorphic_encode(value.as_ref()).ok()?))));
    Answer { status, headers: headers.collect() }
}
