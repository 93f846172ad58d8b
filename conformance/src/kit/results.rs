//! What came of the cases, each run once, when the first test wants it.

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
    Kit,
    watched::{Ended, watched},
};
use crate::{
    baseline::Baseline,
    case::vectors::{Vector, built_in},
    divergence::Divergence,
    drive::{Message, Progress},
    rules::robustness::HANG,
    search::campaign::{Batch, Search},
    suite::{AdapterReport, CaseReport, Report, as_run, run_vector, smoke},
};

/// After so many, a middleware has shown what there is to show, and each costs a time limit.
const HANGS: usize = 10;

/// So many findings of generated cases are enough for once: each costs the time to make it small.
const FINDINGS: usize = 5;

/// How many cases are generated, at most, for each that is asked.
const TRIES: u64 = 100;

/// The results, as far as tests have asked for them.
pub(super) struct Results {
    pub(super) kit: Kit,
    /// Whether neither cases nor seed come from the environment, so that the baseline can be held against them.
    pub(super) is_usual: bool,
    pub(super) vectors: Vec<Vector>,
    /// What is expected; or what is wrong with the file, each in a line.
    pub(super) baseline: Result<Baseline, Vec<String>>,
    smoked: OnceLock<Result<(), String>>,
    cases: Vec<OnceLock<CaseReport>>,
    searched: OnceLock<Result<Searched, String>>,
    hangs: AtomicUsize,
}

/// What generated cases showed that no vector does.
#[derive(Default)]
pub(super) struct Searched {
    /// How many cases ran.
    pub(super) asked: u64,
    /// What was found, as small as it gets where it is not expected.
    pub(super) found: Vec<Divergence>,
}

impl Results {
    pub(super) fn new(kit: Kit, is_usual: bool) -> Self {
        let vectors = built_in().vectors;
        Self {
            baseline: baseline(&kit.baseline),
            is_usual,
            smoked: OnceLock::new(),
            cases: vectors.iter().map(|_| OnceLock::new()).collect(),
            searched: OnceLock::new(),
            hangs: AtomicUsize::new(0),
            vectors,
            kit,
        }
    }

    fn middleware(&self) -> &dyn Middleware {
        self.kit.middleware.as_ref()
    }

    pub(super) fn name(&self) -> &str {
        self.middleware().describe().name
    }

    /// Whether a divergence is expected.
    pub(super) fn expects(&self, divergence: &Divergence) -> bool {
        self.baseline.as_ref().is_ok_and(|baseline| baseline.expects(self.name(), divergence))
    }

    /// Whether anything is served at all.
    pub(super) fn smoked(self: &Arc<Self>) -> Result<(), String> {
        let smoked = self.smoked.get_or_init(|| {
            let own = self.clone();
            match watched(self.kit.limit, move |_| smoke(own.middleware())) {
                Ended::Done(smoked) => smoked,
                Ended::Hung => Err(format!("there is no answer within {} s", self.kit.limit.as_secs_f32())),
                Ended::Broken(why) => Err(why),
            }
        });
        smoked.clone()
    }

    /// What came of a vector.
    pub(super) fn case(self: &Arc<Self>, index: usize) -> &CaseReport {
        self.cases[index].get_or_init(|| match self.smoked() {
            Err(why) => CaseReport::Broken(why),
            Ok(()) if self.hangs.load(Ordering::Relaxed) >= HANGS => {
                CaseReport::Inconclusive(Some(format!("after {HANGS} hangs no more was tried")))
            }
            Ok(()) => self.run(index),
        })
    }

    fn run(self: &Arc<Self>, index: usize) -> CaseReport {
        let asked = Arc::new(Mutex::new(Vec::new()));
        let (own, tell) = (self.clone(), asked.clone());
        let ended = watched(self.kit.limit, move |_| {
            let mut watch = |visit, progress: Progress<'_>| {
                let mut asked = tell.lock().unwrap_or_else(PoisonError::into_inner);
                match progress {
                    Progress::Asks(kind, request) => {
                        let message = Message::asked(visit, kind, request);
                        asked.push(Message { failure: Some("no answer".to_owned()), ..message });
                    }
                    Progress::Answered(exchange) => {
                        asked.pop();
                        asked.push(Message::answered(visit, exchange));
                    }
                }
            };
            run_vector(own.middleware(), &own.vectors[index], |_| true, &mut watch, None)
        });
        match ended {
            Ended::Done(case) => case,
            Ended::Broken(why) => CaseReport::Broken(why),
            Ended::Hung => {
                let asked = std::mem::take(&mut *asked.lock().unwrap_or_else(PoisonError::into_inner));
                CaseReport::Diverge(vec![self.hung(&self.vectors[index], asked)])
            }
        }
    }

    fn hung(&self, vector: &Vector, asked: Vec<Message>) -> Divergence {
        self.hangs.fetch_add(1, Ordering::Relaxed);
        let vector = as_run(self.middleware(), vector);
        let message = format!("There is no answer within {} s.", self.kit.limit.as_secs_f32());
        Divergence::seen_from_outside(self.name(), &HANG, &vector, asked, message)
    }

    /// What generated cases show that no vector does.
    pub(super) fn searched(self: &Arc<Self>) -> &Result<Searched, String> {
        self.searched.get_or_init(|| {
            self.smoked()?;
            let known: Vec<String> = (0..self.vectors.len())
                .filter_map(|index| match self.case(index) {
                    CaseReport::Diverge(found) => Some(found),
                    _ => None,
                })
                .flatten()
                .map(|divergence| divergence.fingerprint.clone())
                .collect();
            let number = Arc::new(Mutex::new(0));
            let (own, at) = (self.clone(), number.clone());
            let ended = watched(self.kit.limit, move |goes_on| {
                own.search(known, &mut |number| {
                    *at.lock().unwrap_or_else(PoisonError::into_inner) = number;
                    goes_on();
                })
            });
            match ended {
                Ended::Done(searched) => Ok(searched),
                Ended::Broken(why) => Err(why),
                Ended::Hung => {
                    let number = *number.lock().unwrap_or_else(PoisonError::into_inner);
                    let case = self.search_of(Vec::new()).case(number).ok_or("the case is lost")?;
                    let found = vec![self.hung(&Vector::bare(case), Vec::new())];
                    Ok(Searched { asked: number + 1, found })
                }
            }
        })
    }

    fn search_of(&self, known: Vec<String>) -> Search<'_> {
        let can_say = |capability: &Capability| can_say(self.middleware(), *capability);
        Search::new(self.middleware(), self.kit.seed, known, None).within(Capabilities::of(can_say))
    }

    /// Asks cases, and tells the number of each before it.
    fn search(&self, known: Vec<String>, asks: &mut dyn FnMut(u64)) -> Searched {
        let mut search = self.search_of(known);
        let (mut batch, mut searched, mut unexpected) = (Batch::default(), Searched::default(), 0);
        for number in 0..self.kit.cases.saturating_mul(TRIES) {
            asks(number);
            for found in search.run(number, &mut batch) {
                let is_expected = self.expects(&found.divergence);
                let small = if is_expected { None } else { search.small(&found, &mut || asks(number)) };
                unexpected += usize::from(!is_expected);
                searched.found.push(small.unwrap_or(found).divergence);
            }
            searched.asked = ran(&batch);
            if searched.asked >= self.kit.cases || unexpected >= FINDINGS {
                break;
            }
        }
        searched
    }

    /// The baseline's entries that no longer hold; everything is run for that.
    pub(super) fn stale(self: &Arc<Self>, baseline: &Baseline) -> Result<Vec<String>, String> {
        let mut report = self.report(|index| Some(self.case(index)));
        if report.counts.broken > 0 {
            return Err(report.remarks().join("\n"));
        }
        report.divergences.extend(self.searched().as_ref().map_err(Clone::clone)?.found.iter().cloned());
        let report = Report { schema: 1, adapters: vec![report] };
        Ok(baseline.stale(&report).iter().map(ToString::to_string).collect())
    }

    /// What came of the vectors that tests asked for.
    pub(super) fn so_far(&self) -> (AdapterReport, Option<&Searched>) {
        let report = self.report(|index| self.cases[index].get());
        (report, self.searched.get().and_then(|searched| searched.as_ref().ok()))
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

/// How many cases ran.
fn ran(batch: &Batch) -> u64 {
    batch.statistics.cases.get("ran").copied().unwrap_or(0)
}

/// Whether a server can be built for a small policy that needs it.
fn can_say(middleware: &dyn Middleware, capability: Capability) -> bool {
    let example = match middleware.fixed() {
        Some(_) => return true,
        None => serde_json::from_str(capability.example()),
    };
    example.is_ok_and(|policy| {
        !matches!(build(middleware, Some(&policy), &Handler::default()), Err(NoServer::Unsupported(_)))
    })
}

fn baseline(path: &str) -> Result<Baseline, Vec<String>> {
    match fs::read_to_string(path) {
        Ok(text) => Baseline::read(path, &text).map_err(|errors| errors.iter().map(ToString::to_string).collect()),
        Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(Baseline::default()),
        Err(error) => Err(vec![format!("{path}: {error}")]),
    }
}
