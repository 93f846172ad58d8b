//! `rules`: lists the rules, or explains them.

use std::io::{self, BufWriter, Write};

use cors_conformance::{
    case::vectors::{Vector, built_in},
    drive::Message,
    report::transcript::write_message,
    rules::{Class, Rule, Severity, checklist::lines_of, rules},
    self_check::{
        kill_matrix::{Caught, kill},
        mutants::{Mutant, deadly_mutants, mutants},
    },
};
use serde::Serialize;

use super::format::{Format, write_json};
use crate::{
    select::{matches, unknown_rule, usage_error},
    status::Status,
    worker::kill_in_worker,
};

/// List the rules, or explain one.
///
/// An explanation gives the requirement, the reason, an exchange that breaks the rule, and the fix.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance rules
  cors-conformance rules over-grant/origin
  cors-conformance rules cache-unsafe

Exit status:
  0  success
  2  an unknown rule")]
pub(crate) struct Args {
    /// Id of a rule, or a class of rules [default: list all rules].
    id: Option<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let mut output = BufWriter::new(io::stdout().lock());
    let Some(wanted) = &args.id else {
        list(args, &mut output)?;
        output.flush()?;
        return Ok(Status::Success);
    };
    let chosen: Vec<&'static Rule> = rules().filter(|rule| matches(rule.id, wanted)).collect();
    if chosen.is_empty() {
        return Err(usage_error(unknown_rule(wanted)));
    }
    let vectors = built_in().vectors;
    let pages = chosen.into_iter().map(|rule| Page::new(rule, &vectors)).collect::<io::Result<Vec<_>>>()?;
    match args.format {
        Format::Json => write_json(&pages, &mut output)?,
        Format::Terminal => {
            for (index, page) in pages.iter().enumerate() {
                if index > 0 {
                    writeln!(output)?;
                }
                page.write(&mut output)?;
            }
        }
    }
    output.flush()?;
    Ok(Status::Success)
}

/// Writes a line for each rule.
fn list(args: &Args, output: &mut impl Write) -> io::Result<()> {
    if args.format == Format::Json {
        let summaries: Vec<_> = rules().map(Summary::of).collect();
        return write_json(&summaries, output);
    }
    let width = rules().map(|rule| rule.id.len()).max().unwrap_or(0);
    for class in Class::ALL {
        for rule in rules().filter(|rule| rule.class == class) {
            writeln!(output, "{:width$}  {:8}  {}", rule.id, rule.severity, rule.requirement)?;
        }
    }
    Ok(())
}

/// The summary of a rule.
#[derive(Serialize)]
struct Summary {
    id: &'static str,
    class: Class,
    severity: Severity,
    #[serde(rename = "says")]
    requirement: &'static str,
}

impl Summary {
    fn of(rule: &Rule) -> Self {
        Self { id: rule.id, class: rule.class, severity: rule.severity, requirement: rule.requirement }
    }
}

/// The explanation of a rule.
#[derive(Serialize)]
struct Page {
    #[serde(flatten)]
    rule: Summary,
    why: &'static str,
    quote: &'static str,
    link: &'static str,
    checklist: Vec<&'static str>,
    #[serde(rename = "mend")]
    fix: &'static str,
    mutants: Vec<&'static str>,
    example: Option<Example>,
}

/// The smallest exchange that breaks a rule, recorded from a mutant.
#[derive(Serialize)]
struct Example {
    mutant: &'static str,
    wrong: &'static str,
    vector: String,
    policy: cors_policy::Policy,
    message: String,
    exchanges: Vec<Message>,
}

impl Page {
    /// Explains a rule, with an example from the mutants that are made for it.
    fn new(rule: &'static Rule, vectors: &[Vector]) -> io::Result<Self> {
        let is_made_for_it = |mutant: &&'static Mutant| mutant.rule == rule;
        let mut shown: Vec<(&'static Mutant, Caught)> = Vec::new();
        for mutant in mutants().filter(is_made_for_it) {
            shown.extend(kill(mutant, vectors).caught.remove(rule.id).map(|caught| (mutant, caught)));
        }
        for mutant in deadly_mutants().filter(is_made_for_it) {
            shown.extend(kill_in_worker(mutant, vectors)?.caught.remove(rule.id).map(|caught| (mutant, caught)));
        }
        let ids = shown.iter().map(|(mutant, _)| mutant.id).collect();
        let smallest = shown.into_iter().min_by_key(|(_, caught)| caught.size());
        let example = smallest.map(|(mutant, caught)| Example {
            mutant: mutant.id,
            wrong: mutant.wrong,
            vector: caught.smallest.case.id.clone(),
            policy: caught.smallest.case.case.policy.clone(),
            message: caught.smallest.evidence.message.clone(),
            exchanges: caught.smallest.evidence.exchanges,
        });
        Ok(Self {
            rule: Summary::of(rule),
            why: rule.why,
            quote: rule.quote,
            link: rule.link,
            checklist: lines_of(rule).map(|line| line.text).collect(),
            fix: rule.fix,
            mutants: ids,
            example,
        })
    }

    fn write(&self, output: &mut impl Write) -> io::Result<()> {
        writeln!(output, "{}  ({}, {})\n", self.rule.id, self.rule.class, self.rule.severity)?;
        writeln!(output, "What it means\n  {}\n", self.rule.requirement)?;
        writeln!(output, "Why it matters\n  {}\n", self.why)?;
        writeln!(output, "Source\n  \"{}\"\n  {}\n", self.quote, self.link)?;
        if !self.checklist.is_empty() {
            writeln!(output, "The security checklist")?;
            for line in &self.checklist {
                writeln!(output, "  - {line}")?;
            }
            writeln!(output)?;
        }
        if let Some(example) = &self.example {
            writeln!(output, "An exchange that breaks it, from the mutant {}: {}", example.mutant, example.wrong)?;
            writeln!(output, "  policy {}", serde_json::to_string(&example.policy)?)?;
            for message in &example.exchanges {
                write_message(message, output)?;
            }
            writeln!(output, "  {}  ({})\n", example.message, example.vector)?;
        }
        writeln!(output, "How to fix it\n  {}\n", self.fix)?;
        writeln!(output, "Mutants that this rule catches: {}", self.mutants.join(", "))
    }
}
