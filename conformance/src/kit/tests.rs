//! What each test of the kit says, by servers that are wrong on purpose.

use std::{fs, sync::Arc, thread, time::Duration};

use crate::self_check::mutants::mutants;
use cors_adapters::reference_server::ReferenceServer;
use libtest_mimic::{Completion, Failed};

use super::{
    Capability, Description, Failure, Handler, Kit, Middleware, NoServer, Policy, Response, Server, Support,
    WireRequest,
    results::Results,
    trials::{Told, baseline, campaign, vector},
};

fn opened(kit: Kit) -> Arc<Results> {
    Arc::new(Results::new(Kit { cases: 200, ..kit }, true))
}

fn mutant(id: &str) -> Kit {
    Kit::new(*mutants().find(|mutant| mutant.id == id).unwrap()).baseline("no such file")
}

fn of(results: &Arc<Results>, told: &Told, id: &str) -> Result<Completion, Failed> {
    let index = results.vectors.iter().position(|vector| vector.id == id).unwrap();
    vector(results, told, index)
}

fn said(result: Result<Completion, Failed>) -> String {
    match result {
        Err(failed) => failed.message().unwrap().to_owned(),
        Ok(Completion::Completed) => "ok".to_owned(),
        Ok(Completion::Ignored { reason }) => format!("ignored: {}", reason.unwrap_or_default()),
    }
}

#[test]
fn a_right_server_is_green_in_every_test() {
    let (results, told) = (opened(Kit::new(ReferenceServer).baseline("no such file")), Told::default());
    for index in 0..results.vectors.len() {
        assert!(!said(vector(&results, &told, index)).contains('\n'), "{}", results.vectors[index].id);
    }
    assert_eq!(said(campaign(&results, &told)), "ok");
    assert_eq!(said(baseline(&results, &told)), "ok");
}

#[test]
fn a_red_test_begins_with_the_rule_and_what_happened_and_ends_with_the_entry_that_expects_it() {
    let (results, told) = (opened(mutant("unescaped-dot")), Told::default());
    let text = said(of(&results, &told, "near-miss-origins/dot-replaced-by-a-letter"));
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(lines[0], "over-grant/origin, high: A page of an origin that the policy does not name reads nothing.");
    assert!(lines[1].starts_with("The page reads the answer"), "{text}");
    let entry = lines.last().unwrap();
    let file = crate::baseline::Baseline::read("it", entry).unwrap_err();
    assert!(file[0].to_string().contains("say why this is expected"), "{}", file[0]);
    assert!(text.contains("mend: ") && text.contains("standard: cors-check/"), "{text}");
}

#[test]
fn a_kind_is_told_whole_once_and_then_by_the_test_that_told_it() {
    let (results, told) = (opened(mutant("unescaped-dot")), Told::default());
    let id = "near-miss-origins/dot-replaced-by-a-letter";
    assert!(said(of(&results, &told, id)).contains("mend: "));
    let found = results.vectors.iter().filter(|vector| vector.id != id);
    let again = found.map(|vector| said(of(&results, &told, &vector.id))).find(|text| text.contains("as in the test"));
    assert!(again.unwrap().contains(id));
}

#[test]
fn what_is_expected_is_green_and_what_no_longer_holds_is_told_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cors-baseline.json");
    let text = r#"{"schema": 1, "entries": [
        {"rule": "over-grant/origin", "covers": 99, "reason": "why", "link": "where"},
        {"fingerprint": "unescaped-dot/hygiene/max-age/preflight", "reason": "why", "link": "where"}
    ]}"#;
    fs::write(&path, text).unwrap();
    let (results, told) = (opened(mutant("unescaped-dot").baseline(path.to_str().unwrap())), Told::default());
    assert_eq!(said(of(&results, &told, "near-miss-origins/dot-replaced-by-a-letter")), "ok");
    let stale = said(baseline(&results, &told));
    let lines: Vec<&str> = stale.lines().collect();
    assert!(lines[0].contains("cors-baseline.json:2: over-grant/origin: covers ") && lines[0].ends_with("not 99"));
    assert!(lines[1].contains("cors-baseline.json:3: ") && lines[1].ends_with("matches nothing: remove the entry"));
    let few = Arc::new(Results::new(mutant("unescaped-dot").cases(1), false));
    assert!(said(baseline(&few, &told)).starts_with("ignored: CORS_CASES"));
}

#[test]
fn a_panic_fails_the_tests_that_meet_it_alone() {
    let (results, told) = (opened(mutant("panics-on-null")), Told::default());
    let panicked = said(of(&results, &told, "null-origin/not-on-a-list-of-origins"));
    assert!(panicked.starts_with("robustness/panic, high: No request makes the middleware panic."), "{panicked}");
    assert_eq!(said(of(&results, &told, "origins/listed-origin-reads")), "ok");
}

/// The reference server, but for an origin to whom it never answers.
struct Hangs;

struct HangingServer(Box<dyn Server>);

impl Middleware for Hangs {
    fn describe(&self) -> Description<'_> {
        Description { name: "hangs", ..ReferenceServer.describe() }
    }
    fn support(&self, capability: Capability) -> Support {
        ReferenceServer.support(capability)
    }
    fn build(&self, policy: Option<&Policy>, handler: &Handler) -> Result<Box<dyn Server>, NoServer> {
        let server = ReferenceServer.build(policy, handler)?;
        Ok(if policy.is_some() { Box::new(HangingServer(server)) } else { server })
    }
}

impl Server for HangingServer {
    fn answer(&mut self, request: &WireRequest) -> Result<Response, Failure> {
        if request.headers.get("Origin").is_some_and(|origin| origin == *"null") {
            thread::sleep(Duration::from_secs(60));
        }
        self.0.answer(request)
    }
    fn take_handler_calls(&mut self) -> u32 {
        self.0.take_handler_calls()
    }
}

#[test]
fn a_hang_fails_its_test_by_name_with_what_was_asked_and_the_rest_go_on() {
    let kit = Kit::new(Hangs).baseline("no such file").time_limit(Duration::from_millis(300));
    let (results, told) = (opened(kit), Told::default());
    let hung = said(of(&results, &told, "null-origin/not-on-a-list-of-origins"));
    assert!(hung.starts_with("robustness/hang, high"), "{hung}");
    assert!(hung.contains("> Origin: null") && hung.contains("< no answer"), "{hung}");
    assert_eq!(said(of(&results, &told, "origins/listed-origin-reads")), "ok");
}

#[test]
fn a_search_tells_what_no_vector_shows_with_its_seed_and_its_file_of_vectors() {
    let (mut results, told) =
        (Results::new(Kit { cases: 3_000, seed: 7, ..mutant("unescaped-dot") }, true), Told::default());
    // Without the vectors whatever is found is new.
    results.vectors.clear();
    let text = said(campaign(&Arc::new(results), &told));
    assert!(text.contains("generated cases, seed 7, show what no vector does."), "{text}");
    assert!(text.contains("over-grant/origin, ") && text.contains("\"schema\": 1"), "{text}");
}

#[test]
fn a_server_that_serves_nothing_is_said_to_and_nothing_of_cors() {
    struct Silent;
    impl Middleware for Silent {
        fn describe(&self) -> Description<'_> {
            ReferenceServer.describe()
        }
        fn support(&self, _: Capability) -> Support {
            Support::No("nothing at all")
        }
        fn build(&self, _: Option<&Policy>, _: &Handler) -> Result<Box<dyn Server>, NoServer> {
            Err(NoServer::Unsupported("nothing at all".to_owned()))
        }
    }
    let (results, told) = (opened(Kit::new(Silent).baseline("no such file")), Told::default());
    let text = said(of(&results, &told, "origins/listed-origin-reads"));
    assert!(text.contains("the simplest policy is not served") && text.contains("nothing at all"), "{text}");
}
