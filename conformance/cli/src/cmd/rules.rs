//! `rules`: every rule, or the page of one.

use std::io::{self, BufWriter, Write};

use cors_conformance::self_check::mutants::{Mutant, deadly_mutants, mutants};
use cors_conformance::{
    case::vectors::{Vector, built_in},
    drive::Message,
    report::transcript::write_message,
    rules::{Class, Rule, Severity, checklist::lines_of, rules},
    self_check::kill_matrix::{Caught, kill},
};
use serde::Serialize;

use super::{Format, mutants::kill_outside, run::is_meant};
use crate::Found;

/// List the rules; or print the page of one: what it means, why it matters, an exchange that breaks it, how to mend it.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance rules
  cors-conformance rules over-grant/origin
  cors-conformance rules cache-unsafe

Exit status: 0, or 2 where there is no such rule.")]
pub(crate) struct Args {
    /// A rule's id, or a class.
    id: Option<String>,
    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let mut output = BufWriter::new(io::stdout().lock());
    let Some(wanted) = &args.id else {
        list(args, &mut output)?;
        output.flush()?;
        return Ok(Found::Nothing);
    };
    let chosen: Vec<&'static Rule> = rules().filter(|rule| is_meant(rule.id, wanted)).collect();
    if chosen.is_empty() {
        eprintln!("error: {wanted}: no such rule; {}", near(wanted));
        return Ok(Found::Errors);
    }
    let vectors = built_in().vectors;
    let pages = chosen.into_iter().map(|rule| Page::of(rule, &vectors)).collect::<io::Result<Vec<_>>>()?;
    match args.format {
        Format::Json => {
            serde_json::to_writer_pretty(&mut output, &pages)?;
            output.write_all(b"\n")?;
        }
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
    Ok(Found::Nothing)
}

fn list(args: &Args, output: &mut impl Write) -> io::Result<()> {
    if args.format == Format::Json {
        let listed: Vec<_> = rules().map(Listed::of).collect();
        serde_json::to_writer_pretty(&mut *output, &listed)?;
        return output.write_all(b"\n");
    }
    let width = rules().map(|rule| rule.id.len()).max().unwrap_or(0);
    for class in Class::ALL {
        for rule in rules().filter(|rule| rule.class == class) {
            writeln!(output, "{:width$}  {:8}  {}", rule.id, rule.severity, rule.requirement)?;
        }
    }
    Ok(())
}

/// The rules that someone may have meant: those that share a word with what was asked for, or all classes.
fn near(wanted: &str) -> String {
    let words = wanted.split(['/', '-', '_', ' ']).map(|word| word.trim_end_matches('s'));
    let words: Vec<&str> = words.filter(|word| word.len() > 2).collect();
    let near = rules().map(|rule| rule.id).filter(|id| words.iter().any(|word| id.contains(word)));
    let near: Vec<&str> = near.take(6).collect();
    if near.is_empty() {
        let classes: Vec<String> = Class::ALL.iter().map(ToString::to_string).collect();
        return format!("`cors-conformance rules` lists them, by the classes {}", classes.join(", "));
    }
    format!("near it are {}", near.join(", "))
}

#[derive(Serialize)]
struct Listed {
    id: &'static str,
    class: Class,
    severity: Severity,
    says: &'static str,
}

impl Listed {
    fn of(rule: &Rule) -> Self {
        Self { id: rule.id, class: rule.class, severity: rule.severity, says: rule.requirement }
    }
}

/// All that there is to say of a rule.
#[derive(Serialize)]
struct Page {
    #[serde(flatten)]
    rule: Listed,
    why: &'static str,
    quote: &'static str,
    link: &'static str,
    checklist: Vec<&'static str>,
    mend: &'static str,
    mutants: Vec<&'static str>,
    example: Option<Example>,
}

/// The smallest exchange that breaks a rule, made by running a mutant.
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
    fn of(rule: &'static Rule, vectors: &[Vector]) -> io::Result<Self> {
        let is_own = |mutant: &&'static Mutant| mutant.rule == rule;
        let mut shown: Vec<(&'static Mutant, Caught)> = Vec::new();
        for mutant in mutants().filter(is_own) {
            shown.extend(kill(mutant, vectors).caught.remove(rule.id).map(|caught| (mutant, caught)));
        }
        for mutant in deadly_mutants().filter(is_own) {
            shown.extend(kill_outside(mutant, vectors)?.caught.remove(rule.id).map(|caught| (mutant, caught)));
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
            rule: Listed::of(rule),
            why: rule.why,
            quote: rule.quote,
            link: rule.link,
            checklist: lines_of(rule).map(|line| line.text).collect(),
            mend: rule.fix,
            mutants: ids,
            example,
        })
    }

    fn write(&self, output: &mut impl Write) -> io::Result<()> {
        writeln!(output, "{}  ({}, {})\n", self.rule.id, self.rule.class, self.rule.severity)?;
        writeln!(output, "What it means\n  {}\n", self.rule.says)?;
        writeln!(output, "Why it matters\n  {}\n", self.why)?;
        writeln!(output, "The sentence behind it\n  \"{}\"\n  {}\n", self.quote, self.link)?;
        if !self.checklist.is_empty() {
            writeln!(output, "The security checklist")?;
            for line in &self.checklist {
                writeln!(output, "  - {line}")?;
            }
            writeln!(output)?;
        }
        if let Some(example) = &self.example {
            writeln!(output, "An exchange that breaks it, by the mutant {}: {}", example.mutant, example.wrong)?;
            writeln!(output, "  policy {}", serde_json::to_string(&example.policy)?)?;
            for message in &example.exchanges {
                write_message(message, output)?;
            }
            writeln!(output, "  {}  ({})\n", example.message, example.vector)?;
        }
        writeln!(output, "How to mend it\n  {}\n", self.mend)?;
        writeln!(output, "Mutants that it catches: {}", self.mutants.join(", "))
    }
}
