//! The middlewares that are asked, and what counts as a finding about them.

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

/// The variable that names the middlewares to ask, with commas between.
pub const ADAPTERS: &str = "CORS_FUZZ_ADAPTERS";

const BASELINE: &str = include_str!("../../conformance/baseline.json");

/// The middlewares that are asked.
pub struct Asked {
    rows: Vec<Row>,
    baseline: Baseline,
}

struct Row {
    middleware: &'static dyn Middleware,
    name: &'static str,
    /// Whether it is a server of this project, which has no baseline.
    is_ours: bool,
}

/// Something that a middleware does and the baseline does not expect, or the harness's own failure.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Finding {
    /// The middleware's name.
    pub adapter: &'static str,
    /// The fingerprint; with the rule `broken` it is the harness's own failure.
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
            cors_conformance::self_check::registry::named(name).ok_or_else(unknown)
        };
        let middlewares: Vec<&'static dyn Middleware> = if names.is_empty() {
            registry::middlewares().chain([&ReferenceServer as &dyn Middleware]).collect()
        } else {
            names.iter().map(named).collect::<Result<_, _>>()?
        };
        let theirs: HashSet<&str> = registry::middlewares().map(|middleware| middleware.describe().name).collect();
        let row = |middleware: &'static dyn Middleware| {
            let name = middleware.describe().name;
            Row { middleware, name, is_ours: !theirs.contains(name) }
        };
        let rows: Vec<Row> = middlewares.into_iter().map(row).collect();
        // A mutant may well fail where all is well.
        for Row { middleware, name, .. } in rows.iter().filter(|row| !is_mutant(row.name)) {
            smoke(*middleware).map_err(|why| format!("{name}: {why}"))?;
        }
        let read = Baseline::read("conformance/baseline.json", BASELINE);
        let baseline = read.map_err(|errors| errors.iter().map(ToString::to_string).collect::<Vec<_>>().join("\n"))?;
        Ok(Self { rows, baseline })
    }

    /// What is found about each middleware.
    pub fn findings<'a>(&'a self, vector: &'a Vector) -> impl Iterator<Item = Finding> + 'a {
        self.rows.iter().flat_map(|row| self.of_row(row, vector))
    }

    /// The smallest case that still shows a finding.
    pub fn minimised(&self, finding: &Finding, vector: &Vector) -> Case {
        let Some(row) = self.rows.iter().find(|row| row.name == finding.adapter) else { return vector.case.clone() };
        minimise(&vector.case, &mut |case| {
            let vector = Vector { case: case.clone(), ..vector.clone() };
            self.of_row(row, &vector).iter().any(|found| found.fingerprint == finding.fingerprint)
        })
    }

    fn of_row(&self, row: &Row, vector: &Vector) -> Vec<Finding> {
        let adapter = row.name;
        // Costs are not measured, and what grows stays small.
        let case = run_vector(row.middleware, vector, |_| true, &mut |_, _| {}, None);
        if case.outcome == Outcome::Broken {
            let message = case.reason.unwrap_or_default();
            return vec![Finding { adapter, fingerprint: format!("{adapter}/broken"), message }];
        }
        let new = case.divergences.into_iter().filter(|divergence| !self.expects(row, divergence));
        let finding =
            |new: Divergence| Finding { adapter, fingerprint: new.fingerprint, message: new.evidence.message };
        new.map(finding).collect()
    }

    /// Whether a divergence is in the baseline. The servers of this project have none: what is of low severity is
    /// what their handler brought.
    fn expects(&self, row: &Row, divergence: &Divergence) -> bool {
        if row.is_ours { divergence.severity <= Severity::Low } else { self.baseline.expects(row.name, divergence) }
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
