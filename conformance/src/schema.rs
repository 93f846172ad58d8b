//! The JSON Schemas of the stable file formats, generated from the types that read them.

use schemars::{Schema, schema_for};

use crate::{
    baseline::BaselineFile,
    case::{Case, vectors::VectorFile},
    suite::file::ResultFile,
};

/// Returns every schema with the name of its file in `conformance/schemas`.
pub fn schemas() -> [(&'static str, Schema); 4] {
    [
        ("vectors.schema.json", schema_for!(VectorFile)),
        ("case.schema.json", schema_for!(Case)),
        ("result.schema.json", schema_for!(ResultFile)),
        ("baseline.schema.json", schema_for!(BaselineFile)),
    ]
}
