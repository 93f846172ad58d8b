//! `vectors`: prints the vectors, for a test harness in any language.

use std::io::{self, BufWriter, Write};

use cors_conformance::{
    case::vectors::{VectorFile, built_in},
    schema::schemas,
};

use crate::status::Status;

/// Print all vectors as JSON, for a test harness in another language.
#[derive(clap::Args)]
#[command(after_help = "Examples:
  cors-conformance vectors > vectors.json
  cors-conformance vectors --schema > vectors.schema.json

Exit status:
  0  success")]
pub(crate) struct Args {
    /// Print the JSON Schema of the vectors instead.
    #[arg(long)]
    schema: bool,
}

pub(crate) fn run(args: &Args) -> io::Result<Status> {
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
    Ok(Status::Success)
}
