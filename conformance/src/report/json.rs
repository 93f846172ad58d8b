//! The result file: written, and read again.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use crate::{
    input::{InputError, from_json},
    suite::{AdapterReport, Counts, Outcome, Report},
};

/// Writes the report as one JSON text.
///
/// # Errors
///
/// Those of writing.
pub fn write(report: &Report, mut output: impl Write) -> io::Result<()> {
    serde_json::to_writer_pretty(&mut output, report)?;
    output.write_all(b"\n")
}

/// Reads a result file; `file` is its name.
///
/// # Errors
///
/// What it is instead, or which line and field is wrong, and what to do.
pub fn read(file: &str, bytes: &[u8]) -> Result<Report, InputError> {
    let read = str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        InputError { line: Some(line), ..InputError::of("", "not UTF-8, so no result file".to_owned()) }
    });
    let read = read.and_then(|text| {
        let report = from_json::<Report>(text).map_err(|error| recognised(text).unwrap_or(error))?;
        check(&report).map(|()| report)
    });
    read.map_err(|error| InputError {
        file: Some(file.to_owned()),
        message: format!("{}; a result file is what `run --format json --out FILE` writes", error.message),
        ..error
    })
}

/// What a text is that is no result file, where that can be seen.
fn recognised(text: &str) -> Option<InputError> {
    let of = |field: &str, message: &str| Some(InputError::of(field, message.to_owned()));
    if text.trim().is_empty() {
        return of("", "the file is empty: the run that was to write it did not end");
    }
    // Of a large file no more than the names of its fields is kept.
    let fields: BTreeMap<String, IgnoredAny> = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(error) if error.is_eof() => {
            let message = "the file ends too early: the run that was to write it did not end, or a copy is not whole";
            return Some(InputError { line: Some(error.line()), ..InputError::of("", message.to_owned()) });
        }
        Err(error) if error.is_data() => return of("", "no JSON object"),
        Err(_) => return None,
    };
    match () {
        () if fields.contains_key("entries") => of("", "this is a baseline: give it as `--baseline FILE`"),
        () if fields.contains_key("log") => of("", "this is a HAR file: `cors-conformance assess --har FILE` reads it"),
        () if fields.contains_key("vectors") => {
            of("", "these are vectors: `cors-conformance run --vector FILE` runs them")
        }
        () if fields.contains_key("visits") => of("", "this is a case: `cors-conformance run --vector FILE` runs it"),
        () if fields.contains_key("differences") => of("", "this is what `compare` writes, of two middlewares"),
        () => {
            let schema = serde_json::from_str::<Version>(text).ok()?.schema.filter(|schema| *schema != 1)?;
            Some(of_version(&schema.to_string()))
        }
    }
}

#[derive(Deserialize)]
struct Version {
    schema: Option<Value>,
}

fn of_version(version: &str) -> InputError {
    let message = format!("version {version} of the format is not known here: 1; use the program that wrote it");
    InputError::of("schema", message)
}

/// Whether a report says one thing of each case.
fn check(report: &Report) -> Result<(), InputError> {
    if report.schema != 1 {
        return Err(of_version(&report.schema.to_string()));
    }
    let mut names = BTreeSet::new();
    for (index, row) in report.adapters.iter().enumerate() {
        let field = |field: &str| format!("adapters[{index}]{field}");
        if !names.insert(&row.name) {
            return Err(InputError::of(&field(".name"), format!("`{}` has a row before: one each", row.name)));
        }
        if let Err((of_row, message)) = check_row(row) {
            return Err(InputError::of(&field(&of_row), message));
        }
    }
    Ok(())
}

fn check_row(row: &AdapterReport) -> Result<(), (String, String)> {
    if row.cases.is_empty() {
        return Ok(());
    }
    let (mut counts, mut ids, mut diverging) = (Counts::default(), BTreeSet::new(), BTreeSet::new());
    for (index, case) in row.cases.iter().enumerate() {
        counts.add(case.outcome);
        if !ids.insert(case.id.as_str()) {
            return Err((format!(".cases[{index}].id"), format!("`{}` is there before: one each", case.id)));
        }
        diverging.extend((case.outcome == Outcome::Diverge).then_some(case.id.as_str()));
    }
    if counts != row.counts {
        return Err((".counts".to_owned(), "not the numbers of the outcomes in `cases`".to_owned()));
    }
    let of_another = row.divergences.iter().position(|found| !diverging.contains(found.case.id.as_str()));
    match of_another {
        Some(index) => {
            let id = &row.divergences[index].case.id;
            Err((format!(".divergences[{index}].case.id"), format!("`{id}` does not diverge by `cases`")))
        }
        None => Ok(()),
    }
}
