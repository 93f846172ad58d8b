//! Running vectors against one middleware.

use cors_adapters::{Middleware, Observation};
use cors_reference::{agent::STANDARD, header_list::HeaderList, origin::Origin, request::RequestInit};

use super::{
    fixed_policy::with_fixed_policy,
    outcome::CaseReport,
    result::{AdapterReport, Remark},
};
use crate::{
    case::{
        Case, PageFetch, RawRequest, Visit,
        outcome::Outcome,
        vectors::{Loaded, Vector},
    },
    divergence::Divergence,
    drive::{Exchange, Meter, Watch, drive, drive_watched},
    rules::evaluate,
};

/// Runs vectors against one middleware in this process. Only the rules whose ids `is_selected` accepts count.
pub fn run_adapter(
    middleware: &dyn Middleware,
    vectors: &[Vector],
    is_selected: impl Fn(&str) -> bool,
) -> AdapterReport {
    let mut report = AdapterReport::new(middleware);
    let smoke = smoke(middleware);
    for vector in vectors {
        let case = match &smoke {
            Ok(()) => run_vector(middleware, vector, &is_selected, &mut |_, _| {}, None),
            Err(reason) => CaseReport::not_judged(Outcome::Broken, reason.as_str()),
        };
        report.add(&vector.id, case);
    }
    report
}

/// Returns the divergences of a middleware for the vectors of a file, which run in this process.
///
/// # Errors
///
/// Returns a message if the file is invalid or the harness fails.
pub fn check(middleware: &dyn Middleware, file: &str) -> Result<Vec<Divergence>, String> {
    let mut loaded = Loaded::default();
    loaded.read("the file of vectors", file);
    if let Some(error) = loaded.errors.first() {
        return Err(error.to_string());
    }
    let report = run_adapter(middleware, &loaded.vectors, |_| true);
    match report.remarks().into_iter().find(Remark::is_broken) {
        Some(broken) => Err(broken.to_string()),
        None => Ok(report.divergences),
    }
}

/// Runs one vector against a middleware that passes the [smoke test](smoke). Calls `watch` at each step, and measures costs
/// if there is a `meter`.
pub fn run_vector(
    middleware: &dyn Middleware,
    vector: &Vector,
    is_selected: impl Fn(&str) -> bool,
    watch: Watch<'_>,
    meter: Option<Meter>,
) -> CaseReport {
    let vector = with_fixed_policy(middleware, vector);
    let run = match drive_watched(middleware, &vector.case, STANDARD, watch, meter) {
        Ok(run) => run,
        Err(not_run) => return CaseReport::not_run(not_run, &vector.case),
    };
    let evaluation = evaluate(&run);
    let name = middleware.describe().name;
    let found = evaluation.findings.iter().filter(|(rule, _)| is_selected(rule.id));
    let divergences = found.map(|(rule, finding)| Divergence::new(name, rule, finding, &run, &vector)).collect();
    let is_inconclusive = evaluation.inconclusive.iter().any(|rule| is_selected(rule.id));
    CaseReport::judged(divergences, is_inconclusive)
}

/// Checks that the harness works: the middleware serves a simple policy, and requests reach the handler.
///
/// # Errors
///
/// Returns a message about the harness. It says nothing about conformance.
pub fn smoke(middleware: &dyn Middleware) -> Result<(), String> {
    let page: Origin = "https://app.example".parse().map_err(|error| format!("{error}"))?;
    let policy = match middleware.fixed() {
        Some(policy) => policy,
        None => serde_json::from_str(r#"{"origins": ["https://app.example"]}"#).map_err(|error| error.to_string())?,
    };
    let fetch = PageFetch {
        after_ms: 0,
        page_origin: page,
        url: "https://api.example/".to_owned(),
        request: RequestInit::default(),
    };
    let plain =
        RawRequest { method: "GET".to_owned(), url: fetch.url.clone(), headers: HeaderList::default(), grow: None };
    let visits = vec![Visit::Fetch(fetch), Visit::Raw(plain)];
    let case = Case { policy, handler: cors_adapters::handler::Handler::default(), visits };
    let run = drive(middleware, &case).map_err(|not_run| match not_run.outcome {
        Outcome::Broken => not_run.reason,
        outcome => format!("the policy of the smoke test is {outcome}: {}", not_run.reason),
    })?;
    let exchanges: Vec<&Exchange> = run.visits.iter().flat_map(|visit| &visit.exchanges).collect();
    let is_reached = |observation: &Observation| {
        observation.handler_calls == 1 && observation.result.as_ref().is_ok_and(|response| response.body == b"ok")
    };
    // Rules judge whether the middleware rejects one of the two requests.
    if !exchanges.iter().any(|exchange| is_reached(&exchange.observed)) {
        let observed = exchanges.first().map(|exchange| &exchange.observed);
        return Err(format!("a GET request does not reach the server's handler: {observed:?}"));
    }
    match exchanges.iter().find(|exchange| !is_reached(&exchange.control)) {
        Some(exchange) => Err(format!("a GET request does not reach the control's handler: {:?}", exchange.control)),
        None => Ok(()),
    }
}
