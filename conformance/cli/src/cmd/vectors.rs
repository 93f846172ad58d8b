//! `vectors`: every vector in one file, for a harness in any language.

use std::io::{self, BufWriter, Write};

use cors_conformance::{
    case::vectors::{VectorFile, built_in},
    schema::schemas,
};

use crate::Found;

/// Print every vector as one JSON text, for a harness in another language; or the schema of that text.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance vectors > vectors.json
  cors-conformance vectors --schema > vectors.schema.json

Exit status: 0.")]
pub(crate) struct Args {
    /// The JSON Schema instead.
    #[arg(long)]
    schema: bool,
}

pub(crate) fn run(args: &Args) -> io::Result<Found> {
    let mut output = BufWriter::new(io::stdout().lock());
    if args.schema {
        for (_, schema) in schemas().iter().filter(|(file, _)| *file == "vectors.schema.json") {
            serde_json::to_writer_pretty(&mut output, schema)?;
        }
    } else {
        let about = format!("Every vector of cors-conformance {}.", env!("CARGO_PKG_VERSION"));
        serde_json::to_writer_pretty(&mut output, &VectorFile { schema: 1, about, vectors: built_in().vectors })?;
    }
    output.write_all(b"\n")?;
    output.flush()?;
    Ok(Found::Nothing)
}
