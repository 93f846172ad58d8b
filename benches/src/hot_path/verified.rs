//! What may be timed: a server that gives the expected answer, by the rules of conformance, to the very request that is
//! timed, and that request seen to reach the middleware.

use cors_adapters::{Middleware, Observation, Server, build, handler::Handler, observe};
use cors_conformance::{
    case::{Case, PageFetch, RawRequest, Visit},
    drive::{Exchange, NotRun, Run, drive},
    rules::{Class, evaluate},
};
use cors_policy::Policy;
use cors_reference::{
    fetch::{Browser, Fetch, Next, Verdict},
    request::WireRequest,
};

use super::{
    measure::{Call, Row},
    models::{Asks, Expected, Listing, Model},
};

/// A model at one size.
pub struct Definition {
    /// The model.
    pub model: &'static Model,
    /// The size.
    pub size: usize,
    /// What the server is built for.
    pub policy: Policy,
    visit: Option<Visit>,
}

/// A middleware's server for a policy, and the same framework and application without it.
pub struct Servers {
    /// The middleware's server.
    pub with: Box<dyn Server>,
    /// The same without it.
    pub floor: Box<dyn Server>,
}

impl Servers {
    /// The servers of a middleware.
    ///
    /// # Errors
    ///
    /// Why there are none.
    pub fn new(middleware: &dyn Middleware, policy: &Policy) -> Result<Self, String> {
        let build = |policy| build(middleware, policy, &Handler::default()).map_err(|no| NotRun::from(no).to_string());
        Ok(Self { with: build(Some(policy))?, floor: build(None)? })
    }
}

impl Row {
    /// Holds a row against what must come of a definition.
    ///
    /// # Errors
    ///
    /// Why it is left out there: it has no server, or does not answer as it must.
    pub fn verify(&mut self, definition: &Definition, request: Option<&WireRequest>) -> Result<(), String> {
        match self {
            Self::Middleware(middleware, Ok(servers)) => definition.verify(*middleware, servers, request),
            Self::Middleware(_, Err(why)) => Err(why.clone()),
            Self::Limit => match self.calls(definition, request) {
                Some([Call::LookUp(origins, asked), _])
                    if origins.contains(&asked[..]) != (definition.model.expected == Expected::Granted) =>
                {
                    Err("wrong: the set answers otherwise".to_owned())
                }
                _ => Ok(()),
            },
        }
    }
}

impl Definition {
    /// A model at a size.
    ///
    /// # Errors
    ///
    /// A policy or a request that does not parse; none of the [models](super::models::MODELS) has one.
    pub fn new(model: &'static Model, size: usize) -> serde_json::Result<Self> {
        let visit = match (model.asks)(size) {
            Asks::Build => None,
            Asks::Fetch(fetch) => Some(Visit::Fetch(serde_json::from_str::<PageFetch>(&fetch)?)),
            Asks::Raw(raw) => Some(Visit::Raw(serde_json::from_str::<RawRequest>(&raw)?)),
        };
        Ok(Self { model, size, policy: serde_json::from_str(&model.policy.json(size))?, visit })
    }

    /// Its name, with its size.
    pub fn name(&self) -> String {
        format!("{}/{}", self.model.id, self.size)
    }

    /// What definitions share that one server serves.
    pub fn key(&self) -> (Listing, usize) {
        self.model.policy.key(self.size)
    }

    /// The request that is timed: the first that a page's `fetch()` sends; none where what is timed is the building.
    pub fn request(&self) -> Option<WireRequest> {
        match self.visit.as_ref()? {
            Visit::Raw(raw) => raw.to_wire(),
            Visit::Fetch(page) => {
                let fetch = Fetch::start(&mut Browser::default(), &page.page_origin, &page.url, &page.request, 0);
                match fetch.next() {
                    Next::Send(request) => Some(request.clone()),
                    Next::Done(_) => None,
                }
            }
        }
    }

    /// Holds a middleware against what must come of it, and its servers against that.
    ///
    /// # Errors
    ///
    /// Why this middleware is left out here: it does not answer as it must.
    fn verify(
        &self,
        middleware: &dyn Middleware,
        servers: &mut Servers,
        request: Option<&WireRequest>,
    ) -> Result<(), String> {
        // A page that may read comes first: what it is sent shows that the middleware is in the way.
        let visits = self.permitted().into_iter().chain(self.visit.clone()).collect();
        let case = Case { policy: self.policy.clone(), handler: Handler::default(), visits };
        let run = drive(middleware, &case).map_err(|not_run| not_run.to_string())?;
        if let Some((rule, finding)) = evaluate(&run).findings.iter().find(|(rule, finding)| {
            matches!(rule.class, Class::OverGrant | Class::UnderGrant) && finding.place.visit == case.visits.len() - 1
        }) {
            return Err(format!("wrong: {}: {}", rule.id, finding.message));
        }
        reaches_middleware(&run)?;
        let Some(request) = request else { return Ok(()) };
        let timed = run.visits.last().and_then(|visit| visit.exchanges.first());
        let timed = timed.filter(|timed| timed.request == *request).ok_or("wrong: another request is sent")?;
        self.expected(&run, timed)?;
        if observe(servers.with.as_mut(), request) != timed.observed {
            return Err("wrong: another server answers otherwise".to_owned());
        }
        if observe(servers.floor.as_mut(), request) != timed.control {
            return Err("wrong: another server without the middleware answers otherwise".to_owned());
        }
        Ok(())
    }

    /// The fetch of a page that the policy lets read.
    fn permitted(&self) -> Option<Visit> {
        let pattern = self.policy.origins.list().first()?;
        let page_origin = pattern.as_str().replacen("*.", "any.", 1);
        let fetch: PageFetch = serde_json::from_value(serde_json::json!({ "page_origin": page_origin })).ok()?;
        Some(Visit::Fetch(fetch))
    }

    fn expected(&self, run: &Run<'_>, timed: &Exchange) -> Result<(), String> {
        if timed.control.handler_calls != 1 && timed.observed == timed.control {
            return Err("wrong: the framework answers it by itself".to_owned());
        }
        let last = run.visits.last();
        let verdict = last.and_then(|visit| visit.fetched.as_ref()).map(|fetched| fetched.outcome.verdict);
        let is_as_without = matches!((&timed.observed, &timed.control),
            (Observation { result: Ok(observed), handler_calls }, Observation { result: Ok(control), handler_calls: calls })
                if observed.status == control.status && observed.body == control.body && handler_calls == calls);
        let is_expected = match self.model.expected {
            Expected::Granted => verdict == Some(Verdict::Readable),
            Expected::Refused => verdict == Some(Verdict::NetworkError),
            Expected::Plain => is_as_without || grants_nobody(&timed.observed),
            Expected::Answered => timed.observed.result.is_ok(),
        };
        let status = timed.observed.result.as_ref().map(|response| response.status);
        if is_expected { Ok(()) } else { Err(format!("wrong: not {:?}: {status:?}", self.model.expected)) }
    }
}

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";

fn grants_nobody(observed: &Observation) -> bool {
    observed.result.as_ref().is_ok_and(|response| !response.headers.contains(ALLOW_ORIGIN))
}

/// The permitted page's answer has what no answer of the application has, and the application was called for it.
fn reaches_middleware(run: &Run<'_>) -> Result<(), String> {
    let first = run.visits.first().and_then(|visit| visit.exchanges.first()).ok_or("wrong: nothing is sent")?;
    let is_granted = !grants_nobody(&first.observed) && grants_nobody(&first.control);
    let is_called = first.observed.handler_calls == 1 && first.control.handler_calls == 1;
    if is_granted && is_called {
        Ok(())
    } else {
        Err("wrong: the request does not go through the middleware".to_owned())
    }
}
