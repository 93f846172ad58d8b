//! Which middlewares break which relation, and why.

use cors_adapters::{Middleware, registry::middlewares};
use cors_conformance::{
    case::{Case, vectors::built_in},
    parallel,
    search::generate::Settings,
    self_check::relations::{RELATIONS, Relation},
    suite::with_fixed_policy,
};

const ALIKE: &str = "preflight-and-actual-decide-alike";
const ONE_OPTION: &str = "one-option-changes-no-other";

/// Rows, the relation that each of them breaks, and why.
const KNOWN: [(&[&str], &str, &str); 8] = [
    (
        &["bunner_cors_rs", "bunner_cors_rs:predicate", "bunner_cors_rs:quick-start"],
        ALIKE,
        "`Cors::check` takes every OPTIONS for a preflight; one without Access-Control-Request-Method is not applicable, \
         and gets no headers.",
    ),
    (
        &["ntex-cors", "ntex-cors:default"],
        ALIKE,
        "`preflight_check` takes every OPTIONS for a preflight, and refuses the one that a script sends.",
    ),
    (
        &["ohkami"],
        ONE_OPTION,
        "`CorsProc::bite` adds Access-Control-Request-Headers to Vary wherever it sends a list of names, though the list is \
         the same whatever is asked.",
    ),
    (
        &["poem", "poem:default", "poem:fn", "poem:glob"],
        ALIKE,
        "`call` takes every OPTIONS with Origin for a preflight, and refuses the one that a script sends.",
    ),
    (
        &["rocket_cors", "rocket_cors:default", "rocket_cors:regex"],
        ALIKE,
        "`validate` takes every OPTIONS with Origin for a preflight, and fails for the one that a script sends.",
    ),
    (
        &["tide"],
        ALIKE,
        "`build_preflight_response` echoes the origin where any is allowed, and other answers have `*`: a fetch with \
         credentials passes the preflight alone.",
    ),
    (
        &["viz-core", "viz-core:verify"],
        ALIKE,
        "Every OPTIONS with Origin is taken for a preflight, and viz's `Route::any` leads the methods of a fixed list to the \
         handler: another is answered 404 before any middleware.",
    ),
    (
        &["warp"],
        ALIKE,
        "`check_request` takes OPTIONS without Access-Control-Request-Method for no CORS request, and adds nothing.",
    ),
];

/// Vectors of unusual methods and of credentials beside each kind of origin, and generated cases.
fn cases(row: &dyn Middleware) -> Vec<Case> {
    const SEED: u64 = 1;
    const FILES: [&str; 2] = ["methods/", "credentials-in-parts/"];
    let built_in = built_in();
    let vectors = built_in.vectors.iter().filter(|vector| FILES.iter().any(|file| vector.id.starts_with(file)));
    let settings = Settings::of(row);
    let generated = (0..40).filter_map(|number| settings.numbered(SEED, number));
    vectors.map(|vector| with_fixed_policy(row, vector).into_owned().case).chain(generated).collect()
}

/// The relations that a row breaks, and what is said of the first case.
fn broken(row: &dyn Middleware) -> Vec<(&'static Relation, String)> {
    let cases = cases(row);
    let first = |relation: &'static Relation| {
        let said = cases.iter().find_map(|case| (relation.check)(row, case))?;
        Some((relation, said))
    };
    RELATIONS.iter().filter_map(first).collect()
}

#[test]
fn middlewares_break_the_relations_that_they_are_known_to_break() {
    let rows: Vec<&dyn Middleware> = middlewares().collect();
    let found = parallel::map(&rows, None, |row| broken(*row));
    let mut wrong = Vec::new();
    for (row, broken) in rows.iter().zip(found) {
        let row = row.describe().name;
        let known: Vec<_> = KNOWN.iter().filter(|(rows, ..)| rows.contains(&row)).collect();
        let new = broken.iter().filter(|(relation, _)| !known.iter().any(|(_, id, _)| *id == relation.id));
        wrong.extend(new.map(|(relation, said)| format!("{row} breaks {}: {said}", relation.id)));
        let gone = known.iter().filter(|(_, id, _)| !broken.iter().any(|(relation, _)| relation.id == *id));
        wrong.extend(gone.map(|(_, id, why)| format!("{row} no longer breaks {id}: {why}")));
    }
    assert!(wrong.is_empty(), "{}", wrong.join("\n"));
}

#[test]
fn each_row_of_the_table_is_a_middleware() {
    let unknown = KNOWN.iter().flat_map(|(rows, ..)| rows.iter());
    let unknown = unknown.filter(|name| !middlewares().any(|row| row.describe().name == **name));
    assert_eq!(unknown.collect::<Vec<_>>(), [&""; 0]);
}
