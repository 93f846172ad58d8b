//! The version in the description of an adapter is the one in the lock file.

use std::{fs, path::Path};

use cors_adapters::registry::middlewares;

#[test]
fn each_description_has_the_version_of_the_lock_file() {
    let lock = fs::read_to_string(Path::new(env!("CARGO_MANIFEST_DIR")).join("../Cargo.lock")).unwrap();
    for middleware in middlewares() {
        let description = middleware.describe();
        let entry = format!("name = \"{}\"\nversion = \"{}\"\n", description.package, description.version);
        assert!(lock.contains(&entry), "{entry}");
    }
}
