//! The middlewares that are asked, and what counts as a finding about them.

use std::{env, fmt};

use cors_adapters::{Middleware, mutants, reference_server::ReferenceServer, registry};
use cors_conformance::{
    baseline::Baseline,
    divergence::Divergence,
    rules::Severity,
    suite::{CaseReport, run_vector, smoke},
    vectors::Vector,
};

/// The variable that names the middlewares to ask, with commas between.
pub const ADAPTERS: &str = "CORS_FUZZ_ADAPTERS";

const BASELINE: &str = include_str!("../../conformance/baseline.json");

/// The middlewares that are asked.
pub struct Asked {
    middlewares: Vec<&'static dyn Middleware>,
    baseline: Baseline,
}

/// Something that a middleware does and the baseline does not expect, or the harness's own failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The middleware's name.
    pub adapter: &'static str,
    /// The fingerprint, or `broken`.
    pub fingerprint: String,
    /// What happened, in a sentence.
    pub message: String,
}

impl Asked {
    /// Those that [`CORS_FUZZ_ADAPTERS`](ADAPTERS) names; without it, every middleware and the reference server.
    ///
    /// # Errors
    ///
    /// A name that nothing has, a harness that does not work, or a baseline that cannot be read.
    pub fn of_environment() -> Result<Self, String> {
        let names = env::var(ADAPTERS).unwrap_or_default();
        let names: Vec<&str> = names.split(',').map(str::trim).filter(|name| !name.is_empty()).collect();
        Self::named(&names)
    }

    /// Those of these names; without any, every middleware and the reference server.
    ///
    /// # Errors
    ///
    /// As for [`of_environment`](Self::of_environment).
    pub fn named(names: &[&str]) -> Result<Self, String> {
        let named = |name: &&str| {
            let unknown = || format!("{ADAPTERS}: no middleware `{name}`: {}, or a mutant's id", registry::known());
            registry::named(name).ok_or_else(unknown)
        };
        let middlewares: Vec<&'static dyn Middleware> = if names.is_empty() {
            registry::middlewares().chain([&ReferenceServer as &dyn Middleware]).collect()
        } else {
            names.iter().map(named).collect::<Result<_, _>>()?
        };
        // A mutant may well fail where all is well.
        for middleware in middlewares.iter().filter(|middleware| !is_mutant(**middleware)) {
            smoke(*middleware).map_err(|why| format!("{}: {why}", middleware.describe().name))?;
        }
        let read = Baseline::read("conformance/baseline.json", BASELINE);
        let baseline = read.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        Ok(Self { middlewares, baseline })
    }

    /// The first finding of each middleware.
    pub fn findings<'a>(&'a self, vector: &'a Vector) -> impl Iterator<Item = Finding> {
        self.middlewares.iter().filter_map(|middleware| self.finding(*middleware, vector))
    }

    fn finding(&self, middleware: &dyn Middleware, vector: &Vector) -> Option<Finding> {
        let adapter = middleware.describe().name;
        // Costs are not measured, and what grows stays small.
        match run_vector(middleware, vector, |_| true, &mut |_, _| {}, None) {
            CaseReport::Diverge(divergences) => {
                let divergence = divergences.into_iter().find(|divergence| !self.expects(adapter, divergence))?;
                let (fingerprint, message) = (divergence.fingerprint, divergence.evidence.message);
                Some(Finding { adapter, fingerprint, message })
            }
            CaseReport::Broken(message) => Some(Finding { adapter, fingerprint: "broken".to_owned(), message }),
            _ => None,
        }
    }

    /// Whether a divergence is in the baseline. The servers of this project have none: what is of low severity is
    /// what their handler brought.
    fn expects(&self, adapter: &str, divergence: &Divergence) -> bool {
        let is_ours = registry::middlewares().all(|middleware| middleware.describe().name != adapter);
        if is_ours { divergence.severity <= Severity::Low } else { self.baseline.expects(adapter, divergence) }
    }
}

fn is_mutant(middleware: &dyn Middleware) -> bool {
    let name = middleware.describe().name;
    mutants::mutants().chain(mutants::deadly_mutants()).any(|mutant| mutant.id == name)
}

impl fmt::Display for Finding {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let Self { adapter, fingerprint, message } = self;
        write!(f, "{fingerprint}\n  {message}\n  replay: cors-conformance run --adapter {adapter} --vector CRASHFILE")
    }
}
