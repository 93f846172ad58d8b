//! The command `compare`.

use std::fs;

use cors_conformance::self_check::registry::named;
use serde_json::Value;

use crate::common::{Ran, run};

const POLICY: &str = r#"{"origins": ["https://app.example.com"], "methods": ["PUT"]}"#;

/// Compares two middlewares under a policy.
fn compare(a: &str, b: &str, policy: &str, more: &[&str]) -> Ran {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("policy.json");
    fs::write(&path, policy).unwrap();
    let path = path.to_str().unwrap();
    let args = ["compare", "--adapter", a, "--adapter", b, "--policy", path, "--cases", "100"];
    let mut ran = run(&[&args, more].concat(), b"");
    ran.stderr = ran.stderr.replace(path, "policy.json");
    ran
}

#[test]
fn two_equivalent_versions_do_not_differ() {
    let ran = compare("tower-http-0-5", "tower-http", POLICY, &[]);
    let version = |name| named(name).unwrap().describe().version;
    let heading = format!("tower-http-0-5 {} -> tower-http {}\n", version("tower-http-0-5"), version("tower-http"));
    assert!(ran.stdout.starts_with(&heading), "{}", ran.stdout);
    assert!(ran.stdout.contains("\nNo difference that a page can observe.\n"), "{}", ran.stdout);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(0), ""));
}

#[test]
fn the_vectors_show_a_difference_between_two_versions() {
    let ran = run(&["compare", "--adapter", "actix-cors-0-6", "--adapter", "actix-cors", "--cases", "0"], b"");
    let withheld = "actix-cors-0-6 withholds what the policy permits; only with actix-cors, a page gets the response, \
                    if the application's response is an error\n";
    assert!(ran.stdout.contains(withheld), "{}", ran.stdout);
    assert_eq!((ran.status, ran.stderr.as_str()), (Some(1), ""));
}

#[test]
fn the_report_names_the_middleware_at_fault_and_shows_an_example() {
    let ran = compare("reference", "unescaped-dot", POLICY, &[]);
    for expected in [
        "\n1 kind of difference:\n\nunescaped-dot grants what the policy denies (the origin): a page gets the response\n",
        "\n  reference      network error: ",
        "\n  unescaped-dot  the page reads the response, status 200\n",
        "; Access-Control-Allow-Origin: https://app",
        "\n  policy         {\"origins\":[\"https://app.example.com\"]}\n",
        " fetches GET https://api.example/resource\n",
        " dot.none.simple.2xx",
    ] {
        assert!(ran.stdout.contains(expected), "{expected}: {}", ran.stdout);
    }
    assert_eq!(ran.status, Some(1));
}

#[test]
fn the_json_report_is_deterministic_and_contains_the_case() {
    let ran = || compare("reference", "unescaped-dot", POLICY, &["--format", "json"]);
    let first = ran();
    assert!(!first.stdout.is_empty());
    assert_eq!(first.stdout, ran().stdout);
    let report: Value = serde_json::from_str(&first.stdout).unwrap();
    let difference = &report["differences"][0];
    assert_eq!(report["schema"], 1);
    assert_eq!((&report["a"]["name"], &report["b"]["name"]), (&"reference".into(), &"unescaped-dot".into()));
    assert_eq!(difference["standing"]["grants"], "b");
    assert_eq!(difference["policy"], "denies-origin");
    assert_eq!(difference["example"]["case"]["policy"]["methods"][0], "PUT");
}

#[test]
fn the_report_is_written_to_a_file() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("report.txt");
    let ran = compare("reference", "unescaped-dot", POLICY, &["--out", path.to_str().unwrap()]);
    assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(1)));
    assert!(fs::read_to_string(path).unwrap().contains("unescaped-dot grants what the policy denies"));
}

#[test]
fn a_fixed_configuration_is_compared_only_under_its_own_policy() {
    let two = |a: &str, b: &str| run(&["compare", "--adapter", a, "--adapter", b, "--cases", "10"], b"");
    let ran = two("tower-http:suffix", "reference");
    assert!(ran.stdout.contains("{\"origins\":[\"https://*.shop.example\"]}"), "{}", ran.stdout);
    let ran = two("tower-http:default", "tower-http:permissive");
    let said = "error: the policies differ: the configuration of tower-http:default is fixed, and \
                the configuration of tower-http:permissive is fixed\n";
    assert_eq!((ran.stderr.as_str(), ran.status), (said, Some(2)));
    let ran = compare("tower-http:default", "reference", POLICY, &[]);
    assert!(ran.stderr.contains("is fixed, and --policy gives another"), "{}", ran.stderr);
}

#[test]
fn a_wrong_number_of_adapters_is_an_error() {
    let adapters = |names: &[&str]| {
        let args = names.iter().flat_map(|name| ["--adapter", name]);
        run(&["compare"].into_iter().chain(args).collect::<Vec<_>>(), b"")
    };
    for (names, said) in [
        (&["tower-http", "towr-http"][..], "--adapter towr-http: unknown middleware; did you mean `tower-http`?"),
        (&["warp", "warp"], "--adapter warp is given twice"),
        (&["warp"], "--adapter must be given twice, once for each middleware; it is given once"),
        (&["warp", "poem", "tide"], "it is given 3 times"),
        (&[], "--adapter <NAME>"),
    ] {
        let ran = adapters(names);
        assert!(ran.stderr.contains(said), "{said}: {}", ran.stderr);
        assert_eq!((ran.stdout.as_str(), ran.status), ("", Some(2)));
    }
}

#[test]
fn an_invalid_or_unsupported_policy_is_an_error() {
    let ran = compare("warp", "tower-http", "{\n\"origins\": [\"https://a.example/\"]}", &[]);
    assert!(ran.stderr.starts_with("error: policy.json:2: origins[0]: "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
    let ran = compare("warp", "tower-http", r#"{"origins": ["https://*.a.example"]}"#, &[]);
    assert!(
        ran.stdout.contains("  warp unsupported: subdomain pattern: Builder::allow_origins takes only whole origins\n"),
        "{}",
        ran.stdout
    );
    assert!(ran.stderr.contains("nothing could be compared"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}
