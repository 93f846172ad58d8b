//! `adapters`: which middlewares are built in, and what each can say.

use std::{
    collections::BTreeMap,
    io::{self, BufWriter, Write},
};

use cors_adapters::{
    Middleware, NoServer,
    handler::Handler,
    registry::{FEATURES, middlewares},
    socket::listen,
};
use cors_conformance::report::compact_json::compact_json;
use cors_conformance::self_check::registry::named;
use cors_policy::{
    Policy,
    capability::{Capability, Support},
};
use serde::Serialize;

use super::Format;
use crate::Found;

/// List the middlewares that are built in, and what each can say of a policy.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance adapters
  cors-conformance adapters --adapter tower-http
  cors-conformance adapters --format json")]
pub(crate) struct Args {
    /// All about this one (repeatable).
    #[arg(long, value_name = "NAME")]
    adapter: Vec<String>,
    /// For whom to write.
    #[arg(long, value_enum, default_value_t)]
    format: Format,
}

/// All about a row.
#[derive(Serialize)]
struct Record {
    name: &'static str,
    package: &'static str,
    version: &'static str,
    configured: &'static str,
    documentation: String,
    repository: &'static str,
    issues: &'static str,
    /// Whether it can be served behind a real socket.
    socket: bool,
    /// The policy that a fixed configuration serves.
    fixed: Option<Policy>,
    /// What each capability is said by, or why it cannot be; empty where the configuration is fixed.
    says: BTreeMap<String, Said>,
}

#[derive(Serialize)]
#[serde(rename_all = "kebab-case")]
enum Said {
    By(&'static str),
    Not(&'static str),
}

impl Record {
    fn of(middleware: &'static dyn Middleware) -> Self {
        let description = middleware.describe();
        let fixed = middleware.fixed();
        let says = |capability: Capability| {
            let said = match middleware.support(capability) {
                Support::Yes(by) => Said::By(by),
                Support::No(why) => Said::Not(why),
            };
            (capability.to_string(), said)
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
            says: if fixed.is_some() { BTreeMap::new() } else { Capability::ALL.into_iter().map(says).collect() },
            fixed,
        }
    }
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    if let Some(name) = args.adapter.iter().find(|name| named(name).is_none()) {
        return Err(io::Error::new(io::ErrorKind::InvalidInput, super::no_such(name)));
    }
    let chosen: Vec<&'static dyn Middleware> = if args.adapter.is_empty() {
        middlewares().collect()
    } else {
        args.adapter.iter().filter_map(|name| named(name)).collect()
    };
    let mut output = BufWriter::new(io::stdout().lock());
    match args.format {
        Format::Json => {
            let records: Vec<Record> = chosen.into_iter().map(Record::of).collect();
            serde_json::to_writer_pretty(&mut output, &records)?;
            writeln!(output)?;
        }
        Format::Terminal if args.adapter.is_empty() => write_table(&chosen, &mut output)?,
        Format::Terminal => {
            for middleware in chosen {
                write_record(&Record::of(middleware), &mut output)?;
            }
        }
    }
    output.flush()?;
    Ok(Found::Nothing)
}

/// A row a middleware, a column a capability.
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
    writeln!(output, "\nfeatures built in: {}", features(true))?;
    if FEATURES.iter().any(|(_, on)| !on) {
        writeln!(output, "left out: {}", features(false))?;
    }
    writeln!(output, "by what each says it, and why not: cors-conformance adapters --adapter NAME")
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
        match record.says.get(&capability.to_string()) {
            Some(Said::By(by)) => writeln!(output, "  {capability:25}yes: {by}")?,
            Some(Said::Not(why)) => writeln!(output, "  {capability:25}no: {why}")?,
            None => {}
        }
    }
    writeln!(output)
}
