//! The JSON Schemas of the formats that are promised to users, made from the types that read them.

use schemars::{Schema, schema_for};

use crate::{
    baseline::BaselineFile,
    case::{Case, vectors::VectorFile},
    suite::Report,
};

/// Every schema: the name of its file in `conformance/schemas`, and the schema.
pub fn schemas() -> [(&'static str, Schema); 4] {
    [
        ("vectors.schema.json", schema_for!(VectorFile)),
        ("case.schema.json", schema_for!(Case)),
        ("result.schema.json", schema_for!(Report)),
        ("baseline.schema.json", schema_for!(BaselineFile)),
    ]
}
