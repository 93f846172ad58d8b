//! The relations that middlewares break, and the reasons.

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

/// Middlewares, a relation that each of them breaks, and the reason.
const KNOWN: [(&[&str], &str, &str); 8] = [
    (
        &["bunner_cors_rs", "bunner_cors_rs:predicate", "bunner_cors_rs:quick-start"],
        ALIKE,
        "`Cors::check` treats every OPTIONS as a preflight. It adds no headers to one without \
         Access-Control-Request-Method.",
    ),
    (
        &["ntex-cors", "ntex-cors:default"],
        ALIKE,
        "`preflight_check` treats every OPTIONS as a preflight, and refuses one that a script sends.",
    ),
    (
        &["ohkami"],
        ONE_OPTION,
        "`CorsProc::bite` adds Access-Control-Request-Headers to Vary whenever it sends a list of names, although the list \
         does not depend on the request.",
    ),
    (
        &["poem", "poem:default", "poem:fn", "poem:glob"],
        ALIKE,
        "`call` treats every OPTIONS with Origin as a preflight, and refuses one that a script sends.",
    ),
    (
        &["rocket_cors", "rocket_cors:default", "rocket_cors:regex"],
        ALIKE,
        "`validate` treats every OPTIONS with Origin as a preflight, and fails for one that a script sends.",
    ),
    (
        &["tide"],
        ALIKE,
        "With any origin, `build_preflight_response` echoes the origin, and other responses have `*`. A fetch with \
         credentials passes only the preflight.",
    ),
    (
        &["viz-core", "viz-core:verify"],
        ALIKE,
        "Every OPTIONS with Origin is treated as a preflight. viz's `Route::any` accepts only the methods of a fixed list, \
         and answers others with 404 before any middleware.",
    ),
    (
        &["warp"],
        ALIKE,
        "`check_request` treats OPTIONS without Access-Control-Request-Method as a request without CORS, and adds nothing.",
    ),
];

/// The seed of the generated cases.
const SEED: u64 = 1;

/// Returns the vectors about unusual methods and about credentials, and generated cases.
fn cases(middleware: &dyn Middleware) -> Vec<Case> {
    const TOPICS: [&str; 2] = ["methods/", "credentials-in-parts/"];
    let built_in = built_in();
    let vectors = built_in.vectors.iter().filter(|vector| TOPICS.iter().any(|topic| vector.id.starts_with(topic)));
    let settings = Settings::of(middleware);
    let generated = (0..40).filter_map(|number| settings.numbered(SEED, number));
    vectors.map(|vector| with_fixed_policy(middleware, vector).into_owned().case).chain(generated).collect()
}

/// Returns the relations that a middleware breaks, with the message about the first case that shows it.
fn broken(middleware: &dyn Middleware) -> Vec<(&'static Relation, String)> {
    let cases = cases(middleware);
    let first = |relation: &'static Relation| {
        let message = cases.iter().find_map(|case| (relation.check)(middleware, case))?;
        Some((relation, message))
    };
    RELATIONS.iter().filter_map(first).collect()
}

#[test]
fn each_middleware_breaks_exactly_its_known_relations() {
    let all: Vec<&dyn Middleware> = middlewares().collect();
    let broken = parallel::map(&all, None, |middleware| broken(*middleware));
    let mut faults = Vec::new();
    for (middleware, broken) in all.iter().zip(broken) {
        let name = middleware.describe().name;
        let known: Vec<_> = KNOWN.iter().filter(|(names, ..)| names.contains(&name)).collect();
        let new = broken.iter().filter(|(relation, _)| !known.iter().any(|(_, id, _)| *id == relation.id));
        faults.extend(new.map(|(relation, message)| format!("{name} breaks {}: {message}", relation.id)));
        let fixed = known.iter().filter(|(_, id, _)| !broken.iter().any(|(relation, _)| relation.id == *id));
        faults.extend(fixed.map(|(_, id, reason)| format!("{name} does not break {id}: {reason}")));
    }
    assert!(faults.is_empty(), "generated cases of seed {SEED}:\n{}", faults.join("\n"));
}

#[test]
fn every_name_in_the_table_is_a_middleware() {
    let unknown = KNOWN.iter().flat_map(|(names, ..)| names.iter());
    let unknown = unknown.filter(|name| !middlewares().any(|middleware| middleware.describe().name == **name));
    assert_eq!(unknown.collect::<Vec<_>>(), [&""; 0]);
}
