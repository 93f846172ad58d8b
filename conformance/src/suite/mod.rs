//! The suite: vectors over middlewares, counted and kept as one report.

use std::{borrow::Cow, fmt};

use cors_adapters::{Middleware, Observation};
use cors_policy::review::{RemarkKind, review};
use cors_reference::{agent::STANDARD, header_list::HeaderList, origin::Origin, request::RequestInit};
use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::{
    case::{
        Case, PageFetch, RawRequest, Visit,
        selection::Part,
        vectors::{Loaded, Vector},
    },
    divergence::Divergence,
    drive::{Driven, Exchange, Meter, Watch, drive, drive_watched},
    rules::{Class, Evaluation, evaluate},
};

/// A result file, version 1.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Report {
    /// The version of this format: 1.
    pub schema: u32,
    /// One row a middleware.
    pub adapters: Vec<AdapterReport>,
}

/// What came of one middleware.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct AdapterReport {
    /// The adapter's name.
    pub name: String,
    /// The middleware's version.
    pub version: String,
    /// Of a program: the language that it is written in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub language: Option<String>,
    /// Of a program: where its issues are reported.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub issues: Option<String>,
    /// Of a program: the command that runs it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub command: Option<String>,
    /// Which part of the suite it ran; not there where that is all of it.
    #[serde(default, skip_serializing_if = "Part::is_whole")]
    pub part: Part,
    /// Its cases by outcome.
    pub counts: Counts,
    /// What came of each case, by id; empty where cases have none, as in a campaign.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub cases: Vec<CaseOutcome>,
    /// Every divergence, one a case, rule and visit.
    pub divergences: Vec<Divergence>,
    /// Why no more was tried, where it was given up.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub ended: Option<String>,
}

/// What came of one case, without its evidence.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct CaseOutcome {
    /// The vector's id.
    pub id: String,
    /// What came of it.
    pub outcome: Outcome,
    /// Why, where it was not judged.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub why: Option<String>,
}

/// What can come of a case.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Outcome {
    /// No rule found anything.
    Conform,
    /// A rule found something.
    Diverge,
    /// The adapter cannot say the policy.
    Unsupported,
    /// The middleware refuses the policy.
    Rejected,
    /// A rule found something that proves nothing, or nothing was tried.
    Inconclusive,
    /// The harness failed.
    Broken,
}

impl Outcome {
    /// Every outcome.
    pub const ALL: [Self; 6] =
        [Self::Conform, Self::Diverge, Self::Unsupported, Self::Rejected, Self::Inconclusive, Self::Broken];
}

impl fmt::Display for Outcome {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Conform => "conform",
            Self::Diverge => "diverge",
            Self::Unsupported => "unsupported",
            Self::Rejected => "rejected",
            Self::Inconclusive => "inconclusive",
            Self::Broken => "broken",
        })
    }
}

/// What came of one case.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum CaseReport {
    /// No rule found anything.
    Conform,
    /// What rules found.
    Diverge(Vec<Divergence>),
    /// The adapter cannot say the policy, or the framework cannot carry a message, for this reason.
    Unsupported(String),
    /// The middleware refuses the policy, with this message.
    Rejected(String),
    /// A rule found something that proves nothing, or nothing was tried for this reason.
    Inconclusive(Option<String>),
    /// The harness failed, in this way.
    Broken(String),
}

/// Cases by outcome; each is counted once.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
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

impl Counts {
    /// Counts a case that ran, as its rules have it.
    pub(crate) fn add_evaluated(&mut self, evaluation: &Evaluation) {
        self.cases += 1;
        if !evaluation.findings.is_empty() {
            self.diverge += 1;
        } else if !evaluation.inconclusive.is_empty() {
            self.inconclusive += 1;
        } else {
            self.conform += 1;
        }
    }

    /// Counts a case that did not run.
    pub(crate) fn add_undriven(&mut self, driven: &Driven<'_>, case: &Case) {
        self.cases += 1;
        match driven {
            Driven::Ran(_) => {}
            Driven::Unsupported(_) => self.unsupported += 1,
            Driven::Rejected(_) if conforms_by_refusing(case) => self.conform += 1,
            Driven::Rejected(_) => self.rejected += 1,
            Driven::Broken(_) => self.broken += 1,
        }
    }

    /// Counts a case of that outcome.
    pub(crate) fn add(&mut self, outcome: Outcome) {
        self.cases += 1;
        *match outcome {
            Outcome::Conform => &mut self.conform,
            Outcome::Diverge => &mut self.diverge,
            Outcome::Unsupported => &mut self.unsupported,
            Outcome::Rejected => &mut self.rejected,
            Outcome::Inconclusive => &mut self.inconclusive,
            Outcome::Broken => &mut self.broken,
        } += 1;
    }

    /// Adds others.
    pub fn merge(&mut self, other: &Self) {
        self.cases += other.cases;
        self.conform += other.conform;
        self.diverge += other.diverge;
        self.unsupported += other.unsupported;
        self.rejected += other.rejected;
        self.inconclusive += other.inconclusive;
        self.broken += other.broken;
    }
}

impl AdapterReport {
    /// A row without any case yet.
    pub fn new(middleware: &dyn Middleware) -> Self {
        let description = middleware.describe();
        Self {
            name: description.name.to_owned(),
            version: description.version.to_owned(),
            language: None,
            issues: None,
            command: None,
            part: Part::default(),
            counts: Counts::default(),
            cases: Vec::new(),
            divergences: Vec::new(),
            ended: None,
        }
    }

    /// Counts the case of that id.
    pub fn add(&mut self, id: &str, case: CaseReport) {
        let (outcome, why) = match case {
            CaseReport::Conform => (Outcome::Conform, None),
            CaseReport::Diverge(divergences) => {
                self.divergences.extend(divergences);
                (Outcome::Diverge, None)
            }
            CaseReport::Unsupported(why) => (Outcome::Unsupported, Some(why)),
            CaseReport::Rejected(message) => (Outcome::Rejected, Some(message)),
            CaseReport::Inconclusive(why) => (Outcome::Inconclusive, why),
            CaseReport::Broken(why) => (Outcome::Broken, Some(why)),
        };
        self.counts.add(outcome);
        self.cases.push(CaseOutcome { id: id.to_owned(), outcome, why });
    }

    /// Why cases were unsupported, rejected, inconclusive or broken, each reason once; and why no more was tried.
    pub fn remarks(&self) -> Vec<String> {
        let mut remarks = Vec::from_iter(self.ended.clone());
        for CaseOutcome { outcome, why, .. } in &self.cases {
            let remark = why.as_ref().map(|why| format!("{outcome}: {why}"));
            remarks.extend(remark.filter(|remark| !remarks.contains(remark)));
        }
        remarks
    }

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
}

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

/// Whether a case is about a dangerous policy alone, so that a refusal is what conforms.
fn conforms_by_refusing(case: &Case) -> bool {
    case.visits.is_empty() && review(&case.policy).iter().any(|remark| remark.kind == RemarkKind::Danger)
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
