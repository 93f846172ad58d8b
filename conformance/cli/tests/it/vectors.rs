//! The command `vectors`.

use crate::common::run;
use cors_conformance::case::vectors::{Loaded, built_in};

#[test]
fn the_printed_file_contains_every_vector_and_can_be_read_again() {
    let ran = run(&["vectors"], b"");
    let mut loaded = Loaded::default();
    loaded.read("vectors.json", &ran.stdout);
    assert_eq!((ran.status, loaded.errors), (Some(0), Vec::new()));
    assert_eq!(loaded.vectors, built_in().vectors);
}

#[test]
fn the_printed_schema_is_the_published_one() {
    let ran = run(&["vectors", "--schema"], b"");
    assert_eq!((ran.stdout.as_str(), ran.stderr.as_str()), (include_str!("../../../schemas/vectors.schema.json"), ""));
}
