//! `adapters`: lists the built-in middlewares and the parts of a policy that each supports.

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
};

use cors_adapters::{Middleware, NoServer, handler::Handler, listen, registry::FEATURES};
use cors_conformance::report::compact_json::compact_json;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use serde::Serialize;

use super::format::{Format, write_json};
use crate::{select, status::Status};

/// List the built-in middlewares and the parts of a policy that each supports.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance adapters
  cors-conformance adapters --adapter tower-http
  cors-conformance adapters --format json

Exit status:
  0  success
  2  an unknown middleware")]
pub(crate) struct Args {
    /// Show everything about this middleware (repeatable).
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    /// Output format.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// The description of a middleware.
#[derive(Serialize)]
struct Record {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    configured: &'static str,
    documentation: String,
    repository: &'static str,
    issues: &'static str,
    /// True if it can serve a socket.
    socket: bool,
    /// The policy of a fixed configuration.
    fixed: Option<Policy>,
    /// Whether each capability is supported; empty if the configuration is fixed.
    #[serde(rename = "says")]
    support: BTreeMap<String, SupportRecord>,
}

/// Whether a middleware supports a capability.
#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum SupportRecord {
    /// Supported by this option or function.
    By(&'static str),
    /// Unsupported, for this reason.
    Not(&'static str),
}

impl Record {
    fn new(middleware: &'static dyn Middleware) -> Self {
        let description = middleware.describe();
        let fixed = middleware.fixed();
        let support = |capability: Capability| {
            let support = match middleware.support(capability) {
                Support::Yes(by) => SupportRecord::By(by),
                Support::No(reason) => SupportRecord::Not(reason),
            };
            (capability.to_string(), support)
        };
        Self {
            name: description.name,
            package: description.package,
            version: description.version,
            configured: description.configured,
            documentation: description.documentation(),
            repository: description.repository,
            issues: description.issues,
            socket: !matches!(listen(middleware, None, &Handler::default()), Err(NoServer::NoSocket)),
            support: if fixed.is_some() { BTreeMap::new() } else { Capability::ALL.into_iter().map(support).collect() },
            fixed,
        }
    }
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
    let chosen = select::middlewares(&args.adapter)?;
    let mut output = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => {
            let records: Vec<Record> = chosen.into_iter().map(Record::new).collect();
            write_json(&records, &mut output)?;
        }
        Format::Terminal if args.adapter.is_empty() => write_table(&chosen, &mut output)?,
        Format::Terminal => {
            for middleware in chosen {
                write_record(&Record::new(middleware), &mut output)?;
            }
        }
    }
    output.flush()?;
    Ok(Status::Success)
}

/// Writes a table with a row for each middleware and a column for each capability.
fn write_table(chosen: &[&dyn Middleware], output: &mut impl Write) -> io::Result<()> {
    let name = |middleware: &dyn Middleware| {
        let description = middleware.describe();
        format!("{} {}", description.name, description.version)
    };
    let width = chosen.iter().map(|middleware| name(*middleware).len()).max().unwrap_or(0);
    write!(output, "{:width$}", "")?;
    for number in 1..=Capability::ALL.len() {
        write!(output, " {number:>2}")?;
    }
    writeln!(output)?;
    for middleware in chosen {
        write!(output, "{:width$}", name(*middleware))?;
        if let Some(policy) = middleware.fixed() {
            writeln!(output, "  fixed: {}", compact_json(&policy))?;
            continue;
        }
        for capability in Capability::ALL {
            let mark = if matches!(middleware.support(capability), Support::Yes(_)) { "x" } else { "." };
            write!(output, "  {mark}")?;
        }
        writeln!(output)?;
    }
    writeln!(output)?;
    for (index, capability) in Capability::ALL.into_iter().enumerate() {
        writeln!(output, "{:3} {capability}", index + 1)?;
    }
    let features = |is_on: bool| {
        FEATURES.iter().filter(|(_, on)| *on == is_on).map(|(name, _)| *name).collect::<Vec<_>>().join(", ")
    };
    writeln!(output, "\nfeatures enabled: {}", features(true))?;
    if FEATURES.iter().any(|(_, on)| !on) {
        writeln!(output, "features disabled: {}", features(false))?;
    }
    writeln!(output, "\ndetails of one middleware: cors-conformance adapters --adapter NAME")
}

fn write_record(record: &Record, output: &mut impl Write) -> io::Result<()> {
    writeln!(output, "{} {}", record.name, record.version)?;
    writeln!(output, "  package     {} {}", record.package, record.version)?;
    writeln!(output, "  configured  {}", record.configured)?;
    writeln!(output, "  docs        {}", record.documentation)?;
    writeln!(output, "  repository  {}", record.repository)?;
    writeln!(output, "  issues      {}", record.issues)?;
    writeln!(output, "  socket      {}", if record.socket { "yes" } else { "no" })?;
    if let Some(policy) = &record.fixed {
        writeln!(output, "  fixed       {}", compact_json(policy))?;
    }
    for capability in Capability::ALL {
        match record.support.get(&capability.to_string()) {
            Some(SupportRecord::By(by)) => writeln!(output, "  {capability:25}yes: {by}")?,
            Some(SupportRecord::Not(reason)) => writeln!(output, "  {capability:25}no: {reason}")?,
            None => {}
        }
    }
    writeln!(output)
}
