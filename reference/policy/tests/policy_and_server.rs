//! The model server and a standard browser together permit exactly what a policy permits.

mod common;

use common::{API, HANDLER, PAGE, config, fetch, headers, init, policy, request_of};
use cors_policy::{
    Policy,
    intent::{Exposure, Intent, exposure, intent},
    server::ModelServer,
};
use cors_reference::{
    fetch::{Browser, RequestKind, Verdict},
    preflight::needs_preflight,
    request::{
        CredentialsMode::{Include, Omit, SameOrigin},
        RequestInit,
    },
};
use proptest::{prelude::*, sample::select};

fn policies() -> impl Strategy<Value = Policy> {
    let allow_list = |lists: &[&'static str]| select([&[r#""any""#, r#""mirror""#, "[]"], lists].concat());
    let origins = allow_list(&[
        r#"["https://app.example"]"#,
        r#"["https://app.example", "https://b.example"]"#,
        r#"["https://*.example"]"#,
        r#"["https://app.example:*", "null"]"#,
        r#"["null"]"#,
    ]);
    let methods = allow_list(&[r#"["PUT"]"#, r#"["patch", "DELETE"]"#]);
    let names = allow_list(&[r#"["X-A"]"#, r#"["authorization", "x-b"]"#]);
    let exposed = select(vec![r#""any""#, "[]", r#"["x-a"]"#, r#"["X-A", "Set-Cookie"]"#]);
    (origins, any::<bool>(), methods, names, exposed).prop_map(|(origins, credentials, methods, names, exposed)| {
        policy(&format!(
            r#"{{"origins": {origins}, "credentials": {credentials}, "methods": {methods},
                "request_headers": {names}, "exposed_headers": {exposed}}}"#
        ))
    })
}

fn pages() -> impl Strategy<Value = &'static str> {
    select(vec![
        PAGE,
        "https://b.example",
        "https://app.example:8443",
        "http://app.example",
        "https://evil.test",
        "null",
        "https://api.example",
    ])
}

fn fetches() -> impl Strategy<Value = RequestInit> {
    let names = proptest::sample::subsequence(vec!["X-A", "x-b", "Authorization", "Accept"], 0..=4);
    let methods = select(vec!["GET", "POST", "PUT", "patch", "PATCH", "OPTIONS"]);
    (methods, names, select(vec![Omit, SameOrigin, Include])).prop_map(|(method, names, credentials)| {
        let pairs: Vec<_> = names.into_iter().map(|name| (name, "value")).collect();
        RequestInit { headers: headers(&pairs), credentials, ..init(method) }
    })
}

proptest! {
    #![proptest_config(config(2_000))]

    #[test]
    fn a_page_reads_a_response_if_and_only_if_the_policy_permits_it(
        policy in policies(), page in pages(), init in fetches()
    ) {
        let request = request_of(page, API, &init);
        let server = ModelServer::new(policy.clone());
        let run = fetch(&mut Browser::default(), page, &init, &server);
        match intent(&policy, &request) {
            Intent::Permit => prop_assert_eq!(run.verdict(), Verdict::Readable, "{}", run.outcome.explanation),
            Intent::Deny(_) => {
                prop_assert_eq!(run.verdict(), Verdict::NetworkError, "{}", run.reason());
                let sent = run.sent.iter().filter(|(kind, _)| *kind == RequestKind::Actual).count();
                prop_assert_eq!(sent, usize::from(!needs_preflight(&request)));
            }
            Intent::Unspecified(_) => {}
        }
    }

    #[test]
    fn a_page_reads_exactly_the_exposed_headers(
        policy in policies(), page in pages(), init in fetches()
    ) {
        let server = ModelServer::new(policy.clone());
        let run = fetch(&mut Browser::default(), page, &init, &server);
        let is_readable = run.verdict() == Verdict::Readable;
        let request = request_of(page, API, &init);
        for (name, _) in HANDLER {
            let read = run.outcome.readable_headers.contains(name);
            match exposure(&policy, &request, &name.parse().unwrap()) {
                Exposure::Readable => prop_assert_eq!(read, is_readable, "{}", name),
                Exposure::Hidden => prop_assert!(!read, "{}", name),
                Exposure::Unspecified(_) => {}
            }
        }
    }

    #[test]
    fn a_repeated_fetch_has_the_same_outcome(policy in policies(), page in pages(), init in fetches()) {
        let (server, browser) = (ModelServer::new(policy), &mut Browser::default());
        let mut outcome = || fetch(browser, page, &init, &server).outcome;
        prop_assert_eq!(outcome(), outcome());
    }
}
