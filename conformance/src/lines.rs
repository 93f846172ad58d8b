//! Streams of JSON lines. Each line is an object with a unique `id`. A bad line becomes an error in the output, and the stream
//! continues.

use std::{
    collections::HashSet,
    io::{self, BufRead, Write},
};

use serde::Serialize;
use serde_json::{Map, Value};

use crate::input::{InputError, from_json};

/// The numbers of lines of a stream.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub struct Summary {
    /// The number of lines that were judged.
    pub judged: usize,
    /// The number of bad lines, each of which has an error in the output.
    pub errors: usize,
}

#[derive(Serialize)]
#[serde(untagged)]
enum Output<T> {
    Judged(T),
    Error { error: String },
}

#[derive(Serialize)]
struct Line<T> {
    id: Option<String>,
    #[serde(flatten)]
    output: Output<T>,
}

/// Judges every line of `input`. `judge` receives the object of a line without its `id`.
///
/// # Errors
///
/// Returns only errors of reading and writing.
pub fn stream<T: Serialize>(
    mut input: impl BufRead,
    mut output: impl Write,
    mut judge: impl FnMut(Map<String, Value>) -> Result<T, InputError>,
) -> io::Result<Summary> {
    let (mut summary, mut ids, mut bytes, mut number) = (Summary::default(), HashSet::new(), Vec::new(), 0);
    while {
        bytes.clear();
        input.read_until(b'\n', &mut bytes)? > 0
    } {
        number += 1;
        if bytes.iter().all(u8::is_ascii_whitespace) {
            continue;
        }
        let (id, result) = judge_line(&bytes, &mut ids, &mut judge);
        let output_of_line = match result {
            Ok(judged) => {
                summary.judged += 1;
                Output::Judged(judged)
            }
            Err(error) => {
                summary.errors += 1;
                Output::Error { error: InputError { line: Some(number), ..error }.to_string() }
            }
        };
        serde_json::to_writer(&mut output, &Line { id, output: output_of_line })?;
        output.write_all(b"\n")?;
        output.flush()?;
    }
    Ok(summary)
}

fn judge_line<T>(
    bytes: &[u8],
    ids: &mut HashSet<String>,
    judge: &mut impl FnMut(Map<String, Value>) -> Result<T, InputError>,
) -> (Option<String>, Result<T, InputError>) {
    let object = std::str::from_utf8(bytes)
        .map_err(|error| InputError::of("", format!("not UTF-8: {error}")))
        .and_then(from_json::<Map<String, Value>>);
    let mut object = match object {
        Ok(object) => object,
        Err(error) => return (None, Err(error)),
    };
    let id = match object.remove("id") {
        Some(Value::String(id)) => id,
        _ => return (None, Err(InputError::of("id", "every line needs a text as its id".to_owned()))),
    };
    let result = if ids.insert(id.clone()) {
        judge(object)
    } else {
        Err(InputError::of("id", format!("`{id}` was used by an earlier line")))
    };
    (Some(id), result)
}
