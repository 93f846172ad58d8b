//! The results of the cases. Each case runs once, when the first test needs it.

use std::{
    fs, io,
    sync::{
        Arc, Mutex, OnceLock, PoisonError,
        atomic::{AtomicUsize, Ordering},
    },
};

use cors_adapters::{Middleware, NoServer, build, handler::Handler};
use cors_policy::capability::{Capabilities, Capability};

use super::{
    settings::Settings,
    watched::{Ended, watched},
};
use crate::{
    baseline::Baseline,
    case::vectors::{Vector, built_in},
    divergence::Divergence,
    drive::{Message, Progress},
    rules::robustness::HANG,
    search::campaign::{Batch, CaseRunner},
    suite::{AdapterReport, CaseReport, Outcome, Report, run_vector, smoke},
};

/// The number of hangs after which no more vectors run. Each hang costs the time limit.
const MAX_HANGS: usize = 10;

/// The number of unexpected divergences after which the search stops. Each costs the time to minimise it.
const MAX_UNEXPECTED: usize = 5;

/// The greatest number of generated cases per case that runs. The middleware does not support the policies of the others.
const MAX_TRIES_PER_CASE: u64 = 100;

/// The results that tests have needed so far.
pub(super) struct Results {
    pub(super) settings: Settings,
    /// True if the environment sets neither the number of cases nor the seed. Only then can the baseline be checked.
    pub(super) has_default_cases: bool,
    pub(super) vectors: Vec<Vector>,
    /// The baseline, or the errors in its file.
    pub(super) baseline: Result<Baseline, Vec<String>>,
    smoke_result: OnceLock<Result<(), String>>,
    cases: Vec<OnceLock<CaseReport>>,
    search_result: OnceLock<Result<SearchResult, String>>,
    hangs: AtomicUsize,
}

/// The divergences of generated cases that no vector shows.
#[derive(Default)]
pub(super) struct SearchResult {
    /// The number of cases that ran.
    pub(super) cases: u64,
    /// The divergences. Those that the baseline does not expect are minimised.
    pub(super) divergences: Vec<Divergence>,
}

impl Results {
    pub(super) fn new(settings: Settings, has_default_cases: bool) -> Self {
        let vectors = built_in().vectors;
        Self {
            baseline: read_baseline(&settings.baseline),
            has_default_cases,
            smoke_result: OnceLock::new(),
            cases: vectors.iter().map(|_| OnceLock::new()).collect(),
            search_result: OnceLock::new(),
            hangs: AtomicUsize::new(0),
            vectors,
            settings,
        }
    }

    fn middleware(&self) -> &dyn Middleware {
        self.settings.middleware.as_ref()
    }

    pub(super) fn name(&self) -> &str {
        self.middleware().describe().name
    }

    /// Returns true if the baseline expects the divergence.
    pub(super) fn expects(&self, divergence: &Divergence) -> bool {
        self.baseline.as_ref().is_ok_and(|baseline| baseline.expects(self.name(), divergence))
    }

    /// Returns an error if the middleware does not serve the simplest policy.
    pub(super) fn smoke_result(self: &Arc<Self>) -> Result<(), String> {
        let result = self.smoke_result.get_or_init(|| {
            let results = self.clone();
            match watched(self.settings.time_limit, move |_| smoke(results.middleware())) {
                Ended::Done(result) => result,
                Ended::Hung => Err(self.hang_message()),
                Ended::Broken(reason) => Err(reason),
            }
        });
        result.clone()
    }

    fn hang_message(&self) -> String {
        format!("There is no response within {} s.", self.settings.time_limit.as_secs_f32())
    }

    /// Returns the result of a vector.
    pub(super) fn case(self: &Arc<Self>, index: usize) -> &CaseReport {
        self.cases[index].get_or_init(|| match self.smoke_result() {
            Err(reason) => CaseReport::not_judged(Outcome::Broken, reason),
            Ok(()) if self.hangs.load(Ordering::Relaxed) >= MAX_HANGS => {
                CaseReport::not_judged(Outcome::Inconclusive, format!("not run after {MAX_HANGS} hangs"))
            }
            Ok(()) => self.run(index),
        })
    }

    fn run(self: &Arc<Self>, index: usize) -> CaseReport {
        let messages = Arc::new(Mutex::new(Vec::new()));
        let (results, log) = (self.clone(), messages.clone());
        let ended = watched(self.settings.time_limit, move |_| {
            let mut watch = |visit, progress: Progress<'_>| {
                let mut log = log.lock().unwrap_or_else(PoisonError::into_inner);
                match progress {
                    Progress::Asks(kind, request) => {
                        let message = Message::asked(visit, kind, request);
                        log.push(Message { failure: Some("no answer".to_owned()), ..message });
                    }
                    Progress::Answered(exchange) => {
                        log.pop();
                        log.push(Message::answered(visit, exchange));
                    }
                }
            };
            run_vector(results.middleware(), &results.vectors[index], |_| true, &mut watch, None)
        });
        match ended {
            Ended::Done(case) => case,
            Ended::Broken(reason) => CaseReport::not_judged(Outcome::Broken, reason),
            Ended::Hung => {
                let messages = std::mem::take(&mut *messages.lock().unwrap_or_else(PoisonError::into_inner));
                self.hang(&self.vectors[index], messages)
            }
        }
    }

    fn hang(&self, vector: &Vector, messages: Vec<Message>) -> CaseReport {
        self.hangs.fetch_add(1, Ordering::Relaxed);
        CaseReport::seen_from_outside(self.middleware(), &HANG, vector, messages, self.hang_message())
    }

    /// Returns the divergences of generated cases that no vector shows.
    pub(super) fn search_result(self: &Arc<Self>) -> &Result<SearchResult, String> {
        self.search_result.get_or_init(|| {
            self.smoke_result()?;
            let known = self.known_fingerprints();
            let number = Arc::new(Mutex::new(0));
            let (results, current) = (self.clone(), number.clone());
            let ended = watched(self.settings.time_limit, move |report_progress| {
                results.search(known, &mut |number| {
                    *current.lock().unwrap_or_else(PoisonError::into_inner) = number;
                    report_progress();
                })
            });
            match ended {
                Ended::Done(result) => Ok(result),
                Ended::Broken(reason) => Err(reason),
                Ended::Hung => {
                    let number = *number.lock().unwrap_or_else(PoisonError::into_inner);
                    let case = self.runner(Vec::new()).case(number).ok_or("the case that hangs has no policy")?;
                    let divergences = self.hang(&Vector::bare(case), Vec::new()).divergences;
                    Ok(SearchResult { cases: number + 1, divergences })
                }
            }
        })
    }

    fn known_fingerprints(self: &Arc<Self>) -> Vec<String> {
        let divergences = (0..self.vectors.len()).flat_map(|index| &self.case(index).divergences);
        divergences.map(|divergence| divergence.fingerprint.clone()).collect()
    }

    fn runner(&self, known: Vec<String>) -> CaseRunner<'_> {
        let supports = |capability: &Capability| supports(self.middleware(), *capability);
        CaseRunner::new(self.middleware(), self.settings.seed, known, None).within(Capabilities::of(supports))
    }

    /// Searches the generated cases. Calls `before` with the number of a case before each run of it.
    fn search(&self, known: Vec<String>, before: &mut dyn FnMut(u64)) -> SearchResult {
        let mut runner = self.runner(known);
        let (mut batch, mut result, mut unexpected) = (Batch::default(), SearchResult::default(), 0);
        for number in 0..self.settings.cases.saturating_mul(MAX_TRIES_PER_CASE) {
            before(number);
            for found in runner.run(number, &mut batch) {
                let is_expected = self.expects(&found.divergence);
                let found = if is_expected { found } else { runner.shrink(&found, &mut || before(number)) };
                unexpected += usize::from(!is_expected);
                result.divergences.push(found.divergence);
            }
            result.cases = run_cases(&batch);
            if result.cases >= self.settings.cases || unexpected >= MAX_UNEXPECTED {
                break;
            }
        }
        result
    }

    /// Runs everything and returns the entries of the baseline that match nothing.
    pub(super) fn stale_entries(self: &Arc<Self>, baseline: &Baseline) -> Result<Vec<String>, String> {
        let mut report = self.report(|index| Some(self.case(index)));
        if report.counts.broken > 0 {
            let remarks: Vec<String> = report.remarks().iter().map(ToString::to_string).collect();
            return Err(remarks.join("\n"));
        }
        report.divergences.extend(self.search_result().as_ref().map_err(Clone::clone)?.divergences.iter().cloned());
        let report = Report { adapters: vec![report] };
        Ok(baseline.stale(&report).iter().map(ToString::to_string).collect())
    }

    /// Returns the results that tests have needed so far.
    pub(super) fn so_far(&self) -> (AdapterReport, Option<&SearchResult>) {
        let report = self.report(|index| self.cases[index].get());
        (report, self.search_result.get().and_then(|result| result.as_ref().ok()))
    }

    fn report<'r>(&self, case: impl Fn(usize) -> Option<&'r CaseReport>) -> AdapterReport {
        let mut report = AdapterReport::new(self.middleware());
        for (index, vector) in self.vectors.iter().enumerate() {
            if let Some(case) = case(index) {
                report.add(&vector.id, case.clone());
            }
        }
        report
    }
}

/// Returns the number of cases that ran.
fn run_cases(batch: &Batch) -> u64 {
    batch.statistics.cases.get("ran").copied().unwrap_or(0)
}

/// Returns true if the middleware supports a small policy that needs the capability.
fn supports(middleware: &dyn Middleware, capability: Capability) -> bool {
    let example = match middleware.fixed() {
        Some(_) => return true,
        None => serde_json::from_str(capability.example()),
    };
    example.is_ok_and(|policy| {
        !matches!(build(middleware, Some(&policy), &Handler::default()), Err(NoServer::Unsupported(_)))
    })
}

fn read_baseline(path: &str) -> Result<Baseline, Vec<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Baseline::read(path, &text).map_err(|errors| errors.iter().map(ToString::to_string).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Baseline::default()),
        Err(error) => Err(vec![format!("{path}: {error}")]),
    }
}
