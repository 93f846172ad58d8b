//! Writing and reading result files.

use std::{
    collections::{BTreeMap, BTreeSet},
    io::{self, Write},
};

use serde::{Deserialize, de::IgnoredAny};
use serde_json::Value;

use crate::{
    input::{InputError, from_json},
    suite::{
        AdapterReport, Counts, Outcome, Report,
        file::{self, ResultFile},
    },
};

/// Writes the result file of a report, in version 2 of the format.
///
/// # Errors
///
/// Returns the error of the writer.
pub fn write(report: &Report, output: impl Write) -> io::Result<()> {
    file::write(&file::encode(report), output)
}

/// Reads a result file; `file` is its name.
///
/// # Errors
///
/// Returns an error with the line, the field and a remedy. If the file is of another known kind, the error names that kind.
pub fn read(file: &str, bytes: &[u8]) -> Result<Report, InputError> {
    let read = str::from_utf8(bytes).map_err(|error| {
        let line = 1 + bytes[..error.valid_up_to()].iter().filter(|byte| **byte == b'\n').count();
        InputError { line: Some(line), ..InputError::of("", "not a result file: the text is not UTF-8".to_owned()) }
    });
    let read = read.and_then(|text| {
        let report = parse(text).map_err(|error| kind_error(text).unwrap_or(error))?;
        check(&report).map(|()| report)
    });
    read.map_err(|error| InputError {
        file: Some(file.to_owned()),
        message: format!("{}; `run --format json --out FILE` writes result files", error.message),
        ..error
    })
}

/// A result file, version 1.
#[derive(Deserialize)]
struct Version1 {
    #[serde(rename = "schema")]
    _schema: u32,
    adapters: Vec<AdapterReport>,
}

/// Parses a result file of version 1 or 2.
fn parse(text: &str) -> Result<Report, InputError> {
    let schema = serde_json::from_str::<Version>(text).ok().and_then(|version| version.schema);
    match schema.as_ref().and_then(Value::as_u64) {
        Some(1) => from_json::<Version1>(text).map(|file| Report { adapters: file.adapters }),
        Some(2) | None => from_json::<ResultFile>(text).and_then(file::decode),
        Some(other) => Err(version_error(&other.to_string())),
    }
}

/// Returns a specific error if a text that is not a result file is recognised as something else.
fn kind_error(text: &str) -> Option<InputError> {
    let error = |field: &str, message: &str| Some(InputError::of(field, message.to_owned()));
    if text.trim().is_empty() {
        return error("", "the file is empty: the run that writes it did not finish");
    }
    // `IgnoredAny` avoids loading the values of a large file.
    let fields: BTreeMap<String, IgnoredAny> = match serde_json::from_str(text) {
        Ok(fields) => fields,
        Err(parse) if parse.is_eof() => {
            let message = "the file ends too early: the run that writes it did not finish, or a copy is incomplete";
            return Some(InputError { line: Some(parse.line()), ..InputError::of("", message.to_owned()) });
        }
        Err(parse) if parse.is_data() => return error("", "not a JSON object"),
        Err(_) => return None,
    };
    match () {
        () if fields.contains_key("adapters") => None,
        () if fields.contains_key("entries") => error("", "this is a baseline: give it as `--baseline FILE`"),
        () if fields.contains_key("log") => {
            error("", "this is a HAR file: `cors-conformance assess --har FILE` reads it")
        }
        () if fields.contains_key("vectors") => {
            error("", "these are vectors: `cors-conformance run --vector FILE` runs them")
        }
        () if fields.contains_key("visits") => {
            error("", "this is a case: `cors-conformance run --vector FILE` runs it")
        }
        () if fields.contains_key("differences") => error("", "this is the output of `compare`"),
        () => {
            let schema =
                serde_json::from_str::<Version>(text).ok()?.schema.filter(|schema| *schema != 1 && *schema != 2)?;
            Some(version_error(&schema.to_string()))
        }
    }
}

#[derive(Deserialize)]
struct Version {
    schema: Option<Value>,
}

fn version_error(version: &str) -> InputError {
    let message = format!(
        "version {version} of the format is not supported, only versions 1 and 2; use the program that wrote it"
    );
    InputError::of("schema", message)
}

/// Returns an error if the report contradicts itself.
fn check(report: &Report) -> Result<(), InputError> {
    let mut names = BTreeSet::new();
    for (index, row) in report.adapters.iter().enumerate() {
        let field = |field: &str| format!("adapters[{index}]{field}");
        if !names.insert(&row.name) {
            return Err(InputError::of(&field(".name"), format!("`{}` has two rows", row.name)));
        }
        if let Err((row_field, message)) = check_row(row) {
            return Err(InputError::of(&field(&row_field), message));
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
            return Err((format!(".cases[{index}].id"), format!("`{}` is listed twice", case.id)));
        }
        diverging.extend((case.outcome == Outcome::Diverge).then_some(case.id.as_str()));
    }
    if counts != row.counts {
        return Err((".counts".to_owned(), "does not match the outcomes in `cases`".to_owned()));
    }
    let contradiction = row.divergences.iter().position(|found| !diverging.contains(found.case.id.as_str()));
    match contradiction {
        Some(index) => {
            let id = &row.divergences[index].case.id;
            Err((format!(".divergences[{index}].case.id"), format!("`{id}` does not diverge according to `cases`")))
        }
        None => Ok(()),
    }
}
