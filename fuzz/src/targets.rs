//! The middlewares under test and the findings about them.

use std::{collections::HashSet, env, fmt};

use cors_adapters::{Middleware, reference_server::ReferenceServer, registry};
use cors_conformance::self_check::mutants;
use cors_conformance::{
    baseline::Baseline,
    case::{Case, vectors::Vector},
    divergence::Divergence,
    rules::Severity,
    search::minimise::minimise,
    suite::{Outcome, run_vector, smoke},
};

/// The environment variable with the names of the middlewares to test, separated by commas.
pub const ADAPTERS: &str = "CORS_FUZZ_ADAPTERS";

const BASELINE: &str = include_str!("../../conformance/baseline.json");

/// The middlewares under test.
pub struct Targets {
    targets: Vec<Target>,
    baseline: Baseline,
}

/// A middleware under test.
struct Target {
    middleware: &'static dyn Middleware,
    name: &'static str,
    /// True for the reference server and the mutants, which have no baseline.
    is_ours: bool,
}

/// A divergence that the baseline does not expect, or a failure of the harness.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The name of the middleware.
    pub adapter: &'static str,
    /// The fingerprint. The rule is `broken` for a failure of the harness.
    pub fingerprint: String,
    /// A sentence that describes what happened.
    pub message: String,
}

impl Targets {
    /// Returns the middlewares that [`CORS_FUZZ_ADAPTERS`](ADAPTERS) names, or all middlewares and the reference server if it is
    /// not set.
    ///
    /// # Errors
    ///
    /// Fails if a name is unknown, the smoke test of a middleware fails, or the baseline is invalid.
    pub fn from_environment() -> Result<Self, String> {
        let names = env::var(ADAPTERS).unwrap_or_default();
        let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        Self::named(&names)
    }

    /// Returns the middlewares with the given names, or all middlewares and the reference server if there are no names.
    ///
    /// # Errors
    ///
    /// Fails like [`from_environment`](Self::from_environment).
    pub fn named(names: &[&str]) -> Result<Self, String> {
        let named = |name: &&str| {
            let unknown = || {
                format!(
                    "{ADAPTERS}: unknown middleware `{name}`. Known are {}, and the ids of mutants",
                    registry::known()
                )
            };
            cors_conformance::self_check::registry::named(name).ok_or_else(unknown)
        };
        let middlewares: Vec<&'static dyn Middleware> = if names.is_empty() {
            registry::middlewares().chain([&ReferenceServer as &dyn Middleware]).collect()
        } else {
            names.iter().map(named).collect::<Result<_, _>>()?
        };
        let theirs: HashSet<&str> = registry::middlewares().map(|middleware| middleware.describe().name).collect();
        let target = |middleware: &'static dyn Middleware| {
            let name = middleware.describe().name;
            Target { middleware, name, is_ours: !theirs.contains(name) }
        };
        let targets: Vec<Target> = middlewares.into_iter().map(target).collect();
        // A mutant may fail the smoke test.
        for Target { middleware, name, .. } in targets.iter().filter(|target| !is_mutant(target.name)) {
            smoke(*middleware).map_err(|why| format!("{name}: {why}"))?;
        }
        let read = Baseline::read("conformance/baseline.json", BASELINE);
        let baseline = read.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        Ok(Self { targets, baseline })
    }

    /// Runs a vector on each middleware and returns the findings.
    pub fn findings<'a>(&'a self, vector: &'a Vector) -> impl Iterator<Item = Finding> + 'a {
        self.targets.iter().flat_map(|target| self.run(target, vector))
    }

    /// Returns the smallest case that shows a finding.
    pub fn minimised(&self, finding: &Finding, vector: &Vector) -> Case {
        let Some(target) = self.targets.iter().find(|target| target.name == finding.adapter) else {
            return vector.case.clone();
        };
        minimise(&vector.case, &mut |case| {
            let vector = Vector { case: case.clone(), ..vector.clone() };
            self.run(target, &vector).iter().any(|found| found.fingerprint == finding.fingerprint)
        })
    }

    /// Runs a vector on a middleware and returns the findings.
    fn run(&self, target: &Target, vector: &Vector) -> Vec<Finding> {
        let adapter = target.name;
        // Costs are not measured, so growing headers stay small.
        let case = run_vector(target.middleware, vector, |_| true, &mut |_, _| {}, None);
        if case.outcome == Outcome::Broken {
            let message = case.reason.unwrap_or_default();
            return vec![Finding { adapter, fingerprint: format!("{adapter}/broken"), message }];
        }
        let new = case.divergences.into_iter().filter(|divergence| !self.expects(target, divergence));
        let finding =
            |new: Divergence| Finding { adapter, fingerprint: new.fingerprint, message: new.evidence.message };
        new.map(finding).collect()
    }

    /// Returns true if a divergence is expected. For the servers of this project, which have no baseline, divergences of low
    /// severity are expected. Their handler causes them.
    fn expects(&self, target: &Target, divergence: &Divergence) -> bool {
        if target.is_ours {
            divergence.severity <= Severity::Low
        } else {
            self.baseline.expects(target.name, divergence)
        }
    }
}

fn is_mutant(name: &str) -> bool {
    mutants::mutants().chain(mutants::deadly_mutants()).any(|mutant| mutant.id == name)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { adapter, fingerprint, message } = self;
        write!(f, "{fingerprint}\n  {message}\n  replay: cors-conformance run --adapter {adapter} --vector CRASHFILE")
    }
}
