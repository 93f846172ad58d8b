//! The suite: vectors over middlewares, counted and kept as one report.

use std::borrow::Cow;

use cors_adapters::Middleware;
use cors_reference::{origin::Origin, request::RequestInit};
use serde::Serialize;

use crate::{
    case::{Case, PageFetch, Visit},
    divergence::Divergence,
    drive::{Driven, drive},
    rules::{Class, evaluate},
    vectors::Vector,
};

/// A result file, version 1.
#[derive(Debug, Clone, Serialize)]
pub struct Report {
    /// The version of this format: 1.
    pub schema: u32,
    /// One row a middleware.
    pub adapters: Vec<AdapterReport>,
}

/// What came of one middleware.
#[derive(Debug, Clone, Serialize)]
pub struct AdapterReport {
    /// The adapter's name.
    pub name: String,
    /// The middleware's version.
    pub version: String,
    /// Its cases by outcome.
    pub counts: Counts,
    /// Every divergence, one a case, rule and visit.
    pub divergences: Vec<Divergence>,
    /// Why cases were unsupported, rejected or broken, each reason once.
    #[serde(skip)]
    pub remarks: Vec<String>,
}

/// Cases by outcome; each is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize)]
pub struct Counts {
    /// All of them.
    pub cases: usize,
    /// No rule found anything.
    pub conform: usize,
    /// A rule found something.
    pub diverge: usize,
    /// The adapter cannot say the policy.
    pub unsupported: usize,
    /// The middleware refuses the policy.
    pub rejected: usize,
    /// A rule found something that proves nothing.
    pub inconclusive: usize,
    /// The harness failed.
    pub broken: usize,
}

/// Which part of the vectors to run: the `index`th of `count`, from 1.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Shard {
    /// Which shard, from 1.
    pub index: u64,
    /// Of how many.
    pub count: u64,
}

impl Shard {
    /// Whether a vector is in this shard, by hash of its case.
    pub fn contains(self, vector: &Vector) -> bool {
        use std::hash::Hasher as _;
        let mut hasher = fnv::FnvHasher::default();
        hasher.write(serde_json::to_string(&vector.case).unwrap_or_default().as_bytes());
        hasher.finish() % self.count == self.index - 1
    }
}

impl AdapterReport {
    /// How many cases have a divergence of that class.
    pub fn cases_of(&self, class: Class) -> usize {
        let mut ids: Vec<&str> = self.of(class).map(|divergence| divergence.case.id.as_str()).collect();
        ids.sort_unstable();
        ids.dedup();
        ids.len()
    }

    /// The divergences of that class.
    pub fn of(&self, class: Class) -> impl Iterator<Item = &Divergence> {
        self.divergences.iter().filter(move |divergence| divergence.class == class)
    }

    fn remark(&mut self, remark: String) {
        if !self.remarks.contains(&remark) {
            self.remarks.push(remark);
        }
    }
}

/// Runs vectors over one middleware. `is_selected` says which rules count, by id; `done` is called after
/// each vector.
pub fn run_adapter(
    middleware: &dyn Middleware,
    vectors: &[Vector],
    is_selected: impl Fn(&str) -> bool,
    mut done: impl FnMut(),
) -> AdapterReport {
    let description = middleware.describe();
    let mut report = AdapterReport {
        name: description.name.to_owned(),
        version: description.version.to_owned(),
        counts: Counts { cases: vectors.len(), ..Counts::default() },
        divergences: Vec::new(),
        remarks: Vec::new(),
    };
    if let Err(why) = smoke(middleware) {
        report.counts.broken = vectors.len();
        report.remark(format!("broken: {why}"));
        vectors.iter().for_each(|_| done());
        return report;
    }
    for vector in vectors {
        let vector = &as_run(middleware, vector);
        match drive(middleware, &vector.case) {
            Driven::Ran(run) => {
                let evaluation = evaluate(&run);
                let found = evaluation.findings.iter().filter(|(rule, _)| is_selected(rule.id));
                let divergences: Vec<_> =
                    found.map(|(rule, finding)| Divergence::new(&report.name, rule, finding, &run, vector)).collect();
                if !divergences.is_empty() {
                    report.counts.diverge += 1;
                } else if evaluation.inconclusive.iter().any(|rule| is_selected(rule.id)) {
                    report.counts.inconclusive += 1;
                } else {
                    report.counts.conform += 1;
                }
                report.divergences.extend(divergences);
            }
            Driven::Unsupported(why) => {
                report.counts.unsupported += 1;
                report.remark(format!("unsupported: {why}"));
            }
            Driven::Rejected(message) => {
                report.counts.rejected += 1;
                report.remark(format!("rejected: {message}"));
            }
            Driven::Broken(why) => {
                report.counts.broken += 1;
                report.remark(format!("broken: {why}"));
            }
        }
        done();
    }
    report
}

/// The vector as a middleware runs it: with its own policy, where that is fixed.
fn as_run<'v>(middleware: &dyn Middleware, vector: &'v Vector) -> Cow<'v, Vector> {
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
    let case = Case { policy, handler: cors_adapters::handler::Handler::default(), visits: vec![Visit::Fetch(fetch)] };
    let run = match drive(middleware, &case) {
        Driven::Ran(run) => run,
        Driven::Unsupported(why) => return Err(format!("the smoke policy is unsupported: {why}")),
        Driven::Rejected(message) => return Err(format!("the smoke policy is rejected: {message}")),
        Driven::Broken(why) => return Err(why),
    };
    let exchange = run.visits.first().and_then(|visit| visit.exchanges.first()).ok_or("nothing was sent")?;
    for (who, observation) in [("server", &exchange.observed), ("control", &exchange.control)] {
        match &observation.result {
            Ok(response) if observation.handler_calls == 1 && response.body == b"ok" => {}
            other => return Err(format!("the {who}'s handler is not reached by a GET: {other:?}")),
        }
    }
    Ok(())
}
