//! The driver runs a case with the reference browser against one middleware. It sends every request to the control, too.

use std::{fmt, io};

use cors_adapters::{
    Failure, Middleware, NoServer, NotRepresentable, Observation, Server, build, handler::Handler, observe,
};
use cors_policy::{
    Policy,
    intent::{Intent, intent},
};
use cors_reference::{
    agent::{Agent, STANDARD},
    fetch::{Browser, Fetch, Next, RequestKind},
    preflight::needs_preflight,
    request::{Request, WireRequest},
    response::Response,
};

use super::{
    costs::{Meter, costs},
    run::{Exchange, Fetched, Run, VisitRun},
    visitors::{Visitor, visitors},
};
use crate::case::{Case, PageFetch, Visit, outcome::Outcome};

/// The reason why a case did not run.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct NotRun {
    /// [`Outcome::Unsupported`], [`Outcome::Rejected`] or [`Outcome::Broken`].
    pub outcome: Outcome,
    /// The reason; for a rejected policy, the middleware's message.
    pub reason: String,
}

impl From<NoServer> for NotRun {
    fn from(no_server: NoServer) -> Self {
        let (outcome, reason) = match no_server {
            NoServer::Unsupported(reason) => (Outcome::Unsupported, reason),
            NoServer::Rejected(message) => (Outcome::Rejected, message),
            NoServer::NoSocket => (Outcome::Broken, "the adapter has no socket mode".to_owned()),
            NoServer::Broken(error) => (Outcome::Broken, error.to_string()),
        };
        Self { outcome, reason }
    }
}

impl fmt::Display for NotRun {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}: {}", self.outcome, self.reason)
    }
}

/// Drives a case against a middleware with a browser that follows the standard.
///
/// # Errors
///
/// Returns the reason why the case did not run.
pub fn drive<'a>(middleware: &dyn Middleware, case: &'a Case) -> Result<Run<'a>, NotRun> {
    drive_as(middleware, case, STANDARD)
}

/// Drives a case against a middleware with the browser of an agent.
///
/// # Errors
///
/// Returns the reason why the case did not run.
pub fn drive_as<'a>(middleware: &dyn Middleware, case: &'a Case, agent: Agent) -> Result<Run<'a>, NotRun> {
    drive_watched(middleware, case, agent, &mut |_, _| {}, None)
}

/// A function that is called at each step with the index of the visit. A process that outlives the server can report the
/// progress.
pub type Watch<'w> = &'w mut dyn FnMut(usize, Progress<'_>);

/// A step of a case as it runs.
#[derive(Debug)]
pub enum Progress<'a> {
    /// The driver sends this request to the server.
    Asks(Option<RequestKind>, &'a WireRequest),
    /// The server answered or failed.
    Answered(&'a Exchange),
}

/// Drives a case against a middleware with the browser of an agent. Calls `watch` at each step, and measures costs if there
/// is a `meter`.
///
/// # Errors
///
/// Returns the reason why the case did not run.
pub fn drive_watched<'a>(
    middleware: &dyn Middleware,
    case: &'a Case,
    agent: Agent,
    watch: Watch<'_>,
    meter: Option<Meter>,
) -> Result<Run<'a>, NotRun> {
    let server = UnderTest::new(middleware, Some(&case.policy), &case.handler)?;
    let control = UnderTest::new(middleware, None, &case.handler).map_err(|no_server| match no_server {
        NoServer::Rejected(message) => {
            NotRun { outcome: Outcome::Broken, reason: format!("the control cannot be built: {message}") }
        }
        no_server => no_server.into(),
    })?;
    let browser = Browser::new(agent);
    let mut driver = Driver { server, control, browser, now_ms: 0, visit: 0, watch, meter, has_hung: false };
    let mut visits = Vec::new();
    for (index, visit) in case.visits.iter().enumerate() {
        driver.visit = index;
        visits.push(driver.visit(case, visit)?);
        if driver.has_hung {
            break;
        }
    }
    let (visitors, fresh) = driver.derived(case, &visits)?;
    let warnings = driver.server.server.warnings();
    Ok(Run { case, visits, warnings, visitors, fresh })
}

/// A server, and the inputs that build it again.
struct UnderTest<'m> {
    middleware: &'m dyn Middleware,
    policy: Option<&'m Policy>,
    handler: &'m Handler,
    server: Box<dyn Server>,
}

impl<'m> UnderTest<'m> {
    fn new(middleware: &'m dyn Middleware, policy: Option<&'m Policy>, handler: &'m Handler) -> Result<Self, NoServer> {
        let server = build(middleware, policy, handler)?;
        Ok(Self { middleware, policy, handler, server })
    }

    /// Sends a request. Builds the server again if the middleware panicked. A server whose handler panicked stays, as it
    /// does in a framework, so that damage from the panic becomes visible.
    fn observe(&mut self, request: &WireRequest) -> Result<Observation, NoServer> {
        let observation = observe(self.server.as_mut(), request);
        match &observation.result {
            Err(Failure::NotRepresentable(why)) => Err(NotRepresentable(why.clone()).into()),
            Err(Failure::Panicked(_)) if observation.handler_calls > 0 => Ok(observation),
            Err(Failure::Panicked(_) | Failure::Ended(_)) => {
                self.server = build(self.middleware, self.policy, self.handler)?;
                Ok(observation)
            }
            _ => Ok(observation),
        }
    }

    /// Sends a request to a control. A failure of the control is an error of the harness.
    fn observe_control(&mut self, request: &WireRequest) -> Result<Observation, NoServer> {
        let observation = self.observe(request)?;
        match &observation.result {
            Err(Failure::Ended(why) | Failure::Hung(why) | Failure::Malformed(why)) => {
                Err(io::Error::other(format!("the control: {why}")).into())
            }
            _ => Ok(observation),
        }
    }
}

/// The sentence that leaves the intent of a redirected fetch open. The policy is about the first URL. The target of a
/// redirect can be another server, and the request to it can have another origin.
const REDIRECTED: &str = "If request's redirect-taint is not \"same-origin\", then return \"null\".";

struct Driver<'s> {
    server: UnderTest<'s>,
    control: UnderTest<'s>,
    browser: Browser<Agent>,
    now_ms: u64,
    visit: usize,
    watch: Watch<'s>,
    meter: Option<Meter>,
    /// True if the server did not answer in time. Every further request would take as long.
    has_hung: bool,
}

impl Driver<'_> {
    /// Runs one visit. Returns an error if the framework cannot represent a message.
    fn visit<'a>(&mut self, case: &'a Case, visit: &'a Visit) -> Result<VisitRun<'a>, NoServer> {
        match visit {
            Visit::Fetch(fetch) => self.fetch(case, visit, fetch),
            Visit::Raw(raw) => {
                let request = raw.to_wire().ok_or_else(|| NotRepresentable(format!("`{}` is no URL", raw.url)))?;
                let exchanges = vec![self.exchange(None, request)?];
                let costs = self.meter.map(|meter| costs(self.server.server.as_mut(), raw, meter));
                Ok(VisitRun { visit, fetched: None, exchanges, costs: costs.unwrap_or_default() })
            }
        }
    }

    fn fetch<'a>(&mut self, case: &'a Case, visit: &'a Visit, page: &PageFetch) -> Result<VisitRun<'a>, NoServer> {
        self.now_ms = self.now_ms.saturating_add(page.after_ms);
        let mut exchanges = Vec::new();
        let Ok(request) = Request::by(&self.browser.agent, &page.page_origin, &page.url, &page.request) else {
            return Ok(VisitRun { visit, fetched: None, exchanges, costs: Vec::new() });
        };
        let mut fetch = Fetch::of(&mut self.browser, request.clone(), self.now_ms);
        while let Next::Send(request) = fetch.next() {
            let request = request.clone();
            let kind = fetch.sent().last().map(|(kind, _)| *kind);
            let exchange = self.exchange(kind, request)?;
            // A server that failed sends nothing, which a browser takes for a network error.
            let failed = Response::new(0);
            fetch.receive(&mut self.browser, exchange.observed.result.as_ref().unwrap_or(&failed));
            exchanges.push(exchange);
        }
        let was_sent = fetch.sent().iter().any(|(kind, _)| *kind == RequestKind::Actual);
        let is_redirected = fetch.redirect_count() > 0;
        let fetched = fetch.into_outcome().map(|outcome| Fetched {
            intent: match intent(&case.policy, &request) {
                Intent::Permit if is_redirected => Intent::Unspecified(REDIRECTED),
                intent => intent,
            },
            passed_preflight: was_sent && needs_preflight(&request),
            request,
            outcome,
        });
        Ok(VisitRun { visit, fetched, exchanges, costs: Vec::new() })
    }

    /// Runs the requests that rules need in addition: those of the other visitors, and one to a new server.
    fn derived(
        &mut self,
        case: &Case,
        visits: &[VisitRun<'_>],
    ) -> Result<(Vec<Visitor>, Option<Observation>), NoServer> {
        if self.has_hung {
            return Ok((Vec::new(), None));
        }
        let mut visitors = visitors(case);
        for visitor in &mut visitors {
            let observed = self.server.observe(&visitor.request)?;
            visitor.handler_calls = observed.handler_calls;
            visitor.response = observed.result.ok();
        }
        let mut asked = visits.iter().flat_map(|visit| &visit.exchanges);
        let fresh = match (asked.next(), asked.last()) {
            (Some(_), Some(last)) => {
                let mut server = UnderTest::new(self.server.middleware, Some(&case.policy), &case.handler)?;
                Some(server.observe(&last.request)?)
            }
            _ => None,
        };
        Ok((visitors, fresh))
    }

    fn exchange(&mut self, kind: Option<RequestKind>, request: WireRequest) -> Result<Exchange, NoServer> {
        (self.watch)(self.visit, Progress::Asks(kind, &request));
        let observed = self.server.observe(&request)?;
        self.has_hung |= matches!(observed.result, Err(Failure::Hung(_)));
        let control = self.control.observe_control(&request)?;
        let exchange = Exchange::new(kind, request, observed, control);
        (self.watch)(self.visit, Progress::Answered(&exchange));
        Ok(exchange)
    }
}
