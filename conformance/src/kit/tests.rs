//! The tests of the kit, run on servers that are wrong on purpose.

use std::{fs, sync::Arc, thread, time::Duration};

use crate::self_check::mutants::mutants;
use cors_adapters::reference_server::ReferenceServer;
use libtest_mimic::{Completion, Failed};

use super::{
    Capability, Description, Failure, Handler, Middleware, NoServer, Policy, Response, Server, Support, WireRequest,
    results::Results,
    settings::Settings,
    trials::{Reported, baseline_trial, campaign_trial, vector_trial},
};

fn results_of(settings: Settings) -> Arc<Results> {
    Arc::new(Results::new(Settings { cases: 200, ..settings }, true))
}

fn without_baseline(middleware: impl Middleware + Send + 'static) -> Settings {
    Settings { baseline: "no such file".to_owned(), ..Settings::new(middleware) }
}

fn mutant(id: &str) -> Settings {
    without_baseline(*mutants().find(|mutant| mutant.id == id).unwrap())
}

fn run_vector(results: &Arc<Results>, reported: &Reported, id: &str) -> Result<Completion, Failed> {
    let index = results.vectors.iter().position(|vector| vector.id == id).unwrap();
    vector_trial(results, reported, index)
}

fn message_of(result: Result<Completion, Failed>) -> String {
    match result {
        Err(failed) => failed.message().unwrap().to_owned(),
        Ok(Completion::Completed) => "ok".to_owned(),
        Ok(Completion::Ignored { reason }) => format!("ignored: {}", reason.unwrap_or_default()),
    }
}

#[test]
fn a_correct_server_passes_every_test() {
    let (results, reported) = (results_of(without_baseline(ReferenceServer)), Reported::default());
    for index in 0..results.vectors.len() {
        assert!(!message_of(vector_trial(&results, &reported, index)).contains('\n'), "{}", results.vectors[index].id);
    }
    assert_eq!(message_of(campaign_trial(&results, &reported)), "ok");
    assert_eq!(message_of(baseline_trial(&results, &reported)), "ok");
}

#[test]
fn a_failure_message_starts_with_the_rule_and_ends_with_the_baseline_entry() {
    let (results, reported) = (results_of(mutant("unescaped-dot")), Reported::default());
    let text = message_of(run_vector(&results, &reported, "near-miss-origins/dot-replaced-by-a-letter"));
    let lines: Vec<&str> = text.lines().map(str::trim).collect();
    assert_eq!(
        lines[0],
        "over-grant/origin, high: A page whose origin the policy does not list cannot read a response."
    );
    assert!(lines[1].starts_with("The page reads the response"), "{text}");
    let entry = lines.last().unwrap();
    let errors = crate::baseline::Baseline::read("it", entry).unwrap_err();
    assert!(errors[0].to_string().contains("give the reason"), "{}", errors[0]);
    assert!(text.contains("fix: ") && text.contains("standard: cors-check/"), "{text}");
}

#[test]
fn a_fingerprint_is_reported_in_full_once() {
    let (results, reported) = (results_of(mutant("unescaped-dot")), Reported::default());
    let id = "near-miss-origins/dot-replaced-by-a-letter";
    assert!(message_of(run_vector(&results, &reported, id)).contains("fix: "));
    let found = results.vectors.iter().filter(|vector| vector.id != id);
    let again = found
        .map(|vector| message_of(run_vector(&results, &reported, &vector.id)))
        .find(|text| text.contains("see the test"));
    assert!(again.unwrap().contains(id));
}

#[test]
fn an_expected_divergence_passes_and_a_stale_entry_fails_with_its_line() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("cors-baseline.json");
    let text = r#"{"schema": 1, "entries": [
        {"adapter": "unescaped-dot", "rule": "over-grant/origin", "covers": 99, "reason": "why", "link": "where"},
        {"fingerprint": "unescaped-dot/hygiene/max-age/preflight", "reason": "why", "link": "where"}
    ]}"#;
    fs::write(&path, text).unwrap();
    let (results, reported) = (
        results_of(Settings { baseline: path.to_str().unwrap().to_owned(), ..mutant("unescaped-dot") }),
        Reported::default(),
    );
    assert_eq!(message_of(run_vector(&results, &reported, "near-miss-origins/dot-replaced-by-a-letter")), "ok");
    let stale = message_of(baseline_trial(&results, &reported));
    let lines: Vec<&str> = stale.lines().collect();
    assert!(
        lines[0].contains("cors-baseline.json:2: over-grant/origin: covers ") && lines[0].ends_with("not 99"),
        "{stale}"
    );
    assert!(
        lines[1].contains("cors-baseline.json:3: ") && lines[1].ends_with("matches no divergence: remove the entry")
    );
    let few = Arc::new(Results::new(Settings { cases: 1, ..mutant("unescaped-dot") }, false));
    assert!(message_of(baseline_trial(&few, &reported)).starts_with("ignored: CORS_CASES"));
}

#[test]
fn a_panic_fails_only_the_tests_that_cause_it() {
    let (results, reported) = (results_of(mutant("panics-on-null")), Reported::default());
    let panicked = message_of(run_vector(&results, &reported, "null-origin/not-on-a-list-of-origins"));
    assert!(panicked.starts_with("robustness/panic, high: No request makes the middleware panic."), "{panicked}");
    assert_eq!(message_of(run_vector(&results, &reported, "origins/listed-origin-reads")), "ok");
}

/// The reference server, which never responds to requests with `Origin: null`.
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
fn a_hang_fails_only_its_own_test_and_shows_the_request() {
    let settings = Settings { time_limit: Duration::from_millis(300), ..without_baseline(Hangs) };
    let (results, reported) = (results_of(settings), Reported::default());
    let hung = message_of(run_vector(&results, &reported, "null-origin/not-on-a-list-of-origins"));
    assert!(hung.starts_with("robustness/hang, high"), "{hung}");
    assert!(hung.contains("> Origin: null") && hung.contains("< no answer"), "{hung}");
    assert_eq!(message_of(run_vector(&results, &reported, "origins/listed-origin-reads")), "ok");
}

#[test]
fn the_campaign_reports_its_seed_and_a_file_of_vectors() {
    let (mut results, reported) =
        (Results::new(Settings { cases: 3_000, seed: 7, ..mutant("unescaped-dot") }, true), Reported::default());
    // Without vectors, every divergence is new.
    results.vectors.clear();
    let text = message_of(campaign_trial(&Arc::new(results), &reported));
    assert!(text.contains("generated cases with seed 7 show divergences that no vector shows."), "{text}");
    assert!(text.contains("over-grant/origin, ") && text.contains("\"schema\": 1"), "{text}");
}

#[test]
fn a_server_that_serves_nothing_fails_with_one_message() {
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
    let (results, reported) = (results_of(without_baseline(Silent)), Reported::default());
    let text = message_of(run_vector(&results, &reported, "origins/listed-origin-reads"));
    assert!(text.contains("The simplest policy is not served") && text.contains("nothing at all"), "{text}");
}
