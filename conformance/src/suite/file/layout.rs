//! The layout of the file's text: each item of a table on a line of its own.

use std::io::{self, Write};

use serde::Serialize;
use serde_json::ser::{Formatter, Serializer};

use super::types::ResultFile;

/// Writes a result file.
///
/// # Errors
///
/// Returns errors of the output.
pub fn write(file: &ResultFile, mut output: impl Write) -> io::Result<()> {
    file.serialize(&mut Serializer::with_formatter(&mut output, Lines { depth: 0 }))?;
    output.write_all(b"\n")
}

/// A formatter that begins a line at each field of the file and at each item of its lists and of the lists of a row.
struct Lines {
    /// The number of arrays and objects around the current place.
    depth: usize,
}

impl Lines {
    /// The file is at depth 1, and its lists at depth 2. A row is at depth 3, and its lists at depth 4.
    fn is_list_of_lines(&self) -> bool {
        matches!(self.depth, 2 | 4)
    }
}

impl Formatter for Lines {
    fn begin_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"[")
    }

    fn end_array<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let end: &[u8] = if self.is_list_of_lines() { b"\n]" } else { b"]" };
        self.depth -= 1;
        writer.write_all(end)
    }

    fn begin_array_value<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.is_list_of_lines() { writer.write_all(b"\n") } else { Ok(()) }
    }

    fn begin_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        self.depth += 1;
        writer.write_all(b"{")
    }

    fn end_object<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        let end: &[u8] = if self.depth == 1 { b"\n}" } else { b"}" };
        self.depth -= 1;
        writer.write_all(end)
    }

    fn begin_object_key<W: ?Sized + Write>(&mut self, writer: &mut W, first: bool) -> io::Result<()> {
        if !first {
            writer.write_all(b",")?;
        }
        if self.depth == 1 { writer.write_all(b"\n") } else { Ok(()) }
    }

    fn begin_object_value<W: ?Sized + Write>(&mut self, writer: &mut W) -> io::Result<()> {
        writer.write_all(if self.depth == 1 { b": " } else { b":" })
    }
}
