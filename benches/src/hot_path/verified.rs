//! Verification before measurement. Only a server that gives the expected answer to the measured request is measured, and
//! only if the request reaches the middleware.

use cors_adapters::{Middleware, Observation, handler::Handler, observe};
use cors_conformance::{
    case::{Case, PageFetch, Visit},
    drive::{Exchange, Run, drive},
    rules::{Class, evaluate},
};
use cors_reference::{fetch::Verdict, request::WireRequest};

use super::{
    definition::{Definition, Servers},
    measure::{Call, Subject},
    models::Expected,
};

impl Subject {
    /// Checks that this subject gives the expected answer.
    ///
    /// # Errors
    ///
    /// Returns the reason to leave the subject out: it has no server, or its answer is wrong.
    pub fn verify(&mut self, definition: &Definition, request: Option<&WireRequest>) -> Result<(), String> {
        match self {
            Self::Middleware(middleware, Ok(servers)) => definition.verify(*middleware, servers, request),
            Self::Middleware(_, Err(why)) => Err(why.clone()),
            Self::Limit => match self.calls(definition, request) {
                Some([Call::LookUp(origins, asked), _])
                    if origins.contains(&asked[..]) != (definition.model.expected == Expected::Granted) =>
                {
                    Err("wrong: the set gives another answer".to_owned())
                }
                _ => Ok(()),
            },
        }
    }
}

impl Definition {
    /// Checks that a middleware gives the expected answer, and that its servers give the same one.
    ///
    /// # Errors
    ///
    /// Returns the reason to leave the middleware out.
    fn verify(
        &self,
        middleware: &dyn Middleware,
        servers: &mut Servers,
        request: Option<&WireRequest>,
    ) -> Result<(), String> {
        // The response to a permitted page, which comes first, shows that requests reach the middleware.
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
            return Err("wrong: a second server gives another answer".to_owned());
        }
        if observe(servers.floor.as_mut(), request) != timed.control {
            return Err("wrong: a second server without the middleware gives another answer".to_owned());
        }
        Ok(())
    }

    /// Returns a fetch by a page that the policy permits.
    fn permitted(&self) -> Option<Visit> {
        let pattern = self.policy.origins.list().first()?;
        let page_origin = pattern.as_str().replacen("*.", "any.", 1);
        let fetch: PageFetch = serde_json::from_value(serde_json::json!({ "page_origin": page_origin })).ok()?;
        Some(Visit::Fetch(fetch))
    }

    /// Checks the answer to the measured request.
    fn expected(&self, run: &Run<'_>, timed: &Exchange) -> Result<(), String> {
        if timed.control.handler_calls != 1 && timed.observed == timed.control {
            return Err("wrong: the framework answers the request itself".to_owned());
        }
        let last = run.visits.last();
        let verdict = last.and_then(|visit| visit.fetched.as_ref()).map(|fetched| fetched.outcome.verdict);
        let is_unchanged = matches!((&timed.observed, &timed.control),
            (Observation { result: Ok(observed), handler_calls }, Observation { result: Ok(control), handler_calls: calls })
                if observed.status == control.status && observed.body == control.body && handler_calls == calls);
        let is_expected = match self.model.expected {
            Expected::Granted => verdict == Some(Verdict::Readable),
            Expected::Refused => verdict == Some(Verdict::NetworkError),
            Expected::Plain => is_unchanged || grants_nothing(&timed.observed),
            Expected::Answered => timed.observed.result.is_ok(),
        };
        let status = timed.observed.result.as_ref().map(|response| response.status);
        if is_expected { Ok(()) } else { Err(format!("wrong: not {:?}: {status:?}", self.model.expected)) }
    }
}

const ALLOW_ORIGIN: &str = "Access-Control-Allow-Origin";

/// Returns true if the response has no Access-Control-Allow-Origin.
fn grants_nothing(observed: &Observation) -> bool {
    observed.result.as_ref().is_ok_and(|response| !response.headers.contains(ALLOW_ORIGIN))
}

/// Checks that the response to the permitted page has CORS headers, unlike the response of the application, and that the
/// application was called for it.
fn reaches_middleware(run: &Run<'_>) -> Result<(), String> {
    let first = run.visits.first().and_then(|visit| visit.exchanges.first()).ok_or("wrong: no request is sent")?;
    let is_granted = !grants_nothing(&first.observed) && grants_nothing(&first.control);
    let is_called = first.observed.handler_calls == 1 && first.control.handler_calls == 1;
    if is_granted && is_called {
        Ok(())
    } else {
        Err("wrong: the request does not go through the middleware".to_owned())
    }
}
