//! Running vectors against one middleware.

use std::borrow::Cow;

use cors_adapters::{Middleware, Observation};
use cors_reference::{agent::STANDARD, header_list::HeaderList, origin::Origin, request::RequestInit};

use super::{
    outcome::{CaseReport, conforms_by_refusing},
    result::AdapterReport,
};
use crate::{
    case::{
        Case, PageFetch, RawRequest, Visit,
        vectors::{Loaded, Vector},
    },
    divergence::Divergence,
    drive::{Driven, Exchange, Meter, Watch, drive, drive_watched},
    rules::evaluate,
};

/// Runs vectors over one middleware, in this process. `is_selected` says which rules count, by id.
pub fn run_adapter(
    middleware: &dyn Middleware,
    vectors: &[Vector],
    is_selected: impl Fn(&str) -> bool,
) -> AdapterReport {
    let mut report = AdapterReport::new(middleware);
    let smoked = smoke(middleware);
    for vector in vectors {
        let case = match &smoked {
            Ok(()) => run_vector(middleware, vector, &is_selected, &mut |_, _| {}, None),
            Err(why) => CaseReport::Broken(why.clone()),
        };
        report.add(&vector.id, case);
    }
    report
}

/// What the vectors of a file show of a middleware, in this process.
///
/// # Errors
///
/// What is wrong with the file, or with the harness.
pub fn check(middleware: &dyn Middleware, file: &str) -> Result<Vec<Divergence>, String> {
    let mut loaded = Loaded::default();
    loaded.read("the file of vectors", file);
    if let Some(error) = loaded.errors.first() {
        return Err(error.to_string());
    }
    let report = run_adapter(middleware, &loaded.vectors, |_| true);
    match report.remarks().into_iter().find(|remark| remark.starts_with("broken")) {
        Some(broken) => Err(broken),
        None => Ok(report.divergences),
    }
}

/// Runs one vector over a middleware that passes the [smoke test](smoke), with someone watching.
pub fn run_vector(
    middleware: &dyn Middleware,
    vector: &Vector,
    is_selected: impl Fn(&str) -> bool,
    watch: Watch<'_>,
    meter: Option<Meter>,
) -> CaseReport {
    let vector = as_run(middleware, vector);
    let run = match drive_watched(middleware, &vector.case, STANDARD, watch, meter) {
        Driven::Ran(run) => run,
        Driven::Unsupported(why) => return CaseReport::Unsupported(why),
        Driven::Rejected(_) if conforms_by_refusing(&vector.case) => return CaseReport::Conform,
        Driven::Rejected(message) => return CaseReport::Rejected(message),
        Driven::Broken(why) => return CaseReport::Broken(why),
    };
    let evaluation = evaluate(&run);
    let name = middleware.describe().name;
    let found = evaluation.findings.iter().filter(|(rule, _)| is_selected(rule.id));
    let divergences: Vec<_> =
        found.map(|(rule, finding)| Divergence::new(name, rule, finding, &run, &vector)).collect();
    if !divergences.is_empty() {
        CaseReport::Diverge(divergences)
    } else if evaluation.inconclusive.iter().any(|rule| is_selected(rule.id)) {
        CaseReport::Inconclusive(None)
    } else {
        CaseReport::Conform
    }
}

/// The vector as a middleware runs it: with its own policy, where that is fixed.
pub fn as_run<'v>(middleware: &dyn Middleware, vector: &'v Vector) -> Cow<'v, Vector> {
    let Some(policy) = middleware.fixed() else { return Cow::Borrowed(vector) };
    let case = Case { policy, ..vector.case.clone() };
    Cow::Owned(Vector { case, ..vector.clone() })
}

/// Whether the harness itself works: the simplest policy is served, and the handler is reached.
///
/// # Errors
///
/// What is wrong with the harness; nothing is said about conformance.
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
    let run = match drive(middleware, &case) {
        Driven::Ran(run) => run,
        Driven::Unsupported(why) => return Err(format!("the smoke policy is unsupported: {why}")),
        Driven::Rejected(message) => return Err(format!("the smoke policy is rejected: {message}")),
        Driven::Broken(why) => return Err(why),
    };
    let exchanges: Vec<&Exchange> = run.visits.iter().flat_map(|visit| &visit.exchanges).collect();
    let is_reached = |observation: &Observation| {
        observation.handler_calls == 1 && observation.result.as_ref().is_ok_and(|response| response.body == b"ok")
    };
    // Which of the two it refuses, if any, is for the rules to judge.
    if !exchanges.iter().any(|exchange| is_reached(&exchange.observed)) {
        return Err(format!(
            "the server's handler is not reached by a GET: {:?}",
            exchanges.first().map(|e| &e.observed)
        ));
    }
    match exchanges.iter().find(|exchange| !is_reached(&exchange.control)) {
        Some(exchange) => Err(format!("the control's handler is not reached by a GET: {:?}", exchange.control)),
        None => Ok(()),
    }
}
