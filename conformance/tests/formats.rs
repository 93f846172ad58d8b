//! The formats of a report that other programs read. No text of a case becomes markup.

mod common;

use common::{report, row, vectors};
use cors_conformance::{
    divergence::Divergence,
    report::{badge, by_fingerprint, changes, junit, markdown, sarif},
    rules::{Severity, rules},
    suite::{AdapterReport, CaseReport, Outcome, Report},
};
use pulldown_cmark::{Event, Options, Parser, Tag};
use quick_junit::{NonSuccessKind, TestCaseStatus};
use serde_json::{Value, json};

/// A text with characters that are special in some format.
const HOSTILE: &str = "\u{0}\u{1b}[31m]]></failure>&\"'<img src=x>\u{FFFF}\u{202E}`x` ```` | @octocat #1 [a](javascript:1)\r\n\n# b\n</details>";

/// The version of the reference server and of the mutants.
const VERSION: &str = env!("CARGO_PKG_VERSION");

fn text_of(write: impl FnOnce(&mut Vec<u8>) -> std::io::Result<()>) -> String {
    let mut text = Vec::new();
    write(&mut text).unwrap();
    String::from_utf8(text).unwrap()
}

/// Returns a report with every outcome, with known divergences and a new one.
fn every_outcome() -> Report {
    let mut report = report();
    for divergence in &mut report.adapters[2].divergences {
        divergence.known = true;
    }
    let row = &mut report.adapters[1];
    row.add("t/unsupported", CaseReport::not_judged(Outcome::Unsupported, "no patterns"));
    row.add("t/rejected", CaseReport::not_judged(Outcome::Rejected, "no wildcard"));
    row.add("t/inconclusive", CaseReport::judged(Vec::new(), true));
    row.add("t/broken", CaseReport::not_judged(Outcome::Broken, "no handler"));
    report
}

/// Returns the same report with hostile text in every field that a middleware or a case fills.
fn hostile() -> Report {
    let mut report = every_outcome();
    for row in &mut report.adapters {
        row.name.push_str(HOSTILE);
        row.version = HOSTILE.to_owned();
        row.cases.iter_mut().for_each(|case| {
            case.id.push_str(HOSTILE);
            case.reason = case.reason.take().map(|why| why + HOSTILE);
        });
        for divergence in &mut row.divergences {
            divergence.fingerprint.push_str(HOSTILE);
            divergence.case.id.push_str(HOSTILE);
            let evidence = &mut divergence.evidence;
            evidence.message.push_str(HOSTILE);
            evidence.exchanges.iter_mut().for_each(|message| {
                message.url.push_str(HOSTILE);
                message.method.push_str(HOSTILE);
                message.status = None;
                message.failure = Some(HOSTILE.to_owned());
            });
        }
    }
    report
}

fn read_junit(report: &Report) -> quick_junit::Report {
    let text = text_of(|text| junit::write(report, "cors-conformance", text));
    quick_junit::Report::deserialize_from_str(&text).unwrap()
}

/// Returns the kind, the message and the description of a status.
fn status_parts(status: &TestCaseStatus) -> (Option<NonSuccessKind>, String, String) {
    let text = |text: &Option<quick_junit::XmlString>| text.as_ref().map(|text| text.to_string()).unwrap_or_default();
    match status {
        TestCaseStatus::Success { .. } => (None, "success".to_owned(), String::new()),
        TestCaseStatus::Skipped { message, description, .. } => (None, text(message), text(description)),
        TestCaseStatus::NonSuccess { kind, message, description, .. } => {
            (Some(*kind), text(message), text(description))
        }
    }
}

#[test]
fn junit_has_a_suite_per_row_and_a_test_case_per_vector() {
    let read = read_junit(&every_outcome());
    let suite = &read.test_suites[1];
    assert_eq!((suite.name.as_str(), suite.test_cases.len()), ("unescaped-dot", suite.tests));
    assert_eq!((suite.failures, suite.errors, suite.skipped), (1, 1, 3));
    let of = |id: &str| status_parts(&suite.test_cases.iter().find(|case| case.name.as_str() == id).unwrap().status);
    assert_eq!(of("near-miss-origins/other-port").1, "success");
    assert_eq!(of("t/unsupported").1, "unsupported: no patterns");
    assert_eq!(of("t/rejected").1, "rejected: no wildcard");
    assert_eq!(of("t/inconclusive").1, "inconclusive: a rule that this one needs has failed");
    assert_eq!((of("t/broken").0, of("t/broken").1.as_str()), (Some(NonSuccessKind::Error), "no handler"));
    let (kind, message, text) = of("near-miss-origins/dot-replaced-by-a-letter");
    assert_eq!(kind, Some(NonSuccessKind::Failure));
    assert!(
        message.starts_with("high unescaped-dot/over-grant/origin/dot.none.actual.2xx.handler: The page"),
        "{message}"
    );
    let replay =
        "  replay: cors-conformance run --adapter unescaped-dot --vector near-miss-origins/dot-replaced-by-a-letter";
    assert!(text.contains("    > Origin: https://apixshop.example\n") && text.contains(replay), "{text}");
}

#[test]
fn junit_skips_a_case_that_the_baseline_expects() {
    let read = read_junit(&every_outcome());
    let suite = &read.test_suites[2];
    assert_eq!((suite.failures, suite.skipped), (0, 21));
    let known =
        suite.test_cases.iter().map(|case| status_parts(&case.status).1).find(|message| message != "success").unwrap();
    assert!(known.starts_with("in the baseline: reflects-any-origin/over-grant/origin/"), "{known}");
}

#[test]
fn junit_lists_new_and_known_divergences_of_a_case() {
    let mut report = every_outcome();
    let found = &mut report.adapters[1].divergences;
    let mut known = found[0].clone();
    (known.known, known.fingerprint) = (true, "unescaped-dot/known".to_owned());
    found.push(known);
    let suite = &read_junit(&report).test_suites[1];
    let text = suite.test_cases.iter().map(|case| status_parts(&case.status).2).find(|text| !text.is_empty()).unwrap();
    assert!(text.contains("in the baseline  unescaped-dot/known\n"), "{text}");
}

#[test]
fn junit_is_well_formed_with_hostile_text() {
    let read = read_junit(&hostile());
    let shown = HOSTILE.replace('\u{0}', "\\u{0}").replace('\u{1b}', "\\u{1b}").replace('\u{FFFF}', "\\u{ffff}");
    let shown = shown.replace('\r', "\\r");
    assert_eq!(read.test_suites[0].name.as_str(), format!("reference{shown}"));
    let failure = &read.test_suites[1].test_cases.iter().find(|case| !status_parts(&case.status).2.is_empty()).unwrap();
    assert!(status_parts(&failure.status).2.contains(&shown), "{failure:?}");
    let text = text_of(|text| junit::write(&hostile(), "c", text));
    let is_xml = |c: char| matches!(c, '\t' | '\n' | '\r' | ' '..='\u{D7FF}' | '\u{E000}'..='\u{FFFD}' | '\u{10000}'..);
    assert_eq!(text.chars().find(|c| !is_xml(*c)), None);
    assert!(!text.contains("time=") && !text.contains("uuid="), "equal results give equal bytes");
}

#[test]
fn junit_has_a_test_case_for_a_case_that_is_not_listed() {
    let mut report = report();
    report.adapters[1].cases.clear();
    let suite = &read_junit(&report).test_suites[1];
    assert_eq!((suite.test_cases.len(), suite.failures), (1, 1));
}

/// Returns the HTML of a Markdown text, and the kinds of its links, images and headings.
fn markup(text: &str) -> (Vec<String>, Vec<String>) {
    let (mut html, mut other) = (Vec::new(), Vec::new());
    for event in Parser::new_ext(text, Options::ENABLE_TABLES | Options::ENABLE_STRIKETHROUGH) {
        match event {
            Event::Html(text) | Event::InlineHtml(text) => html.push(text.trim().to_owned()),
            Event::Start(tag @ (Tag::Link { .. } | Tag::Image { .. } | Tag::Heading { .. })) => {
                other.push(format!("{tag:?}").split(' ').next().unwrap_or_default().to_owned());
            }
            _ => {}
        }
    }
    (html, other)
}

fn is_own_html(html: &str) -> bool {
    let bare = ["<details>", "</details>", "<summary>", "</summary>", "<code>", "</code>"];
    let rest = bare.iter().fold(html.to_owned(), |text, tag| text.replace(tag, ""));
    !rest.contains(['<', '>'])
}

#[test]
fn markdown_shows_a_new_divergence_with_its_exchange_and_replay() {
    let text = text_of(|text| markdown::write(&every_outcome(), "cors-conformance", text));
    assert!(text.starts_with("### CORS conformance: 1 new kind of divergence\n\n3 rows, "), "{text}");
    assert!(text.contains("**Could not run:**\n\n- `unescaped-dot` `broken: no handler`\n"), "{text}");
    assert!(text.contains("\n| over-grant | 1 | 15 | critical |\n"), "{text}");
    let new =
        "<details><summary>high <code>unescaped-dot/over-grant/origin/dot.none.actual.2xx.handler</code> (1 case)";
    assert_eq!(text.matches("<code>").count(), 1, "known divergences are only counted: {text}");
    assert!(text.contains(new), "{text}");
    for expected in [
        "\n    > Origin: https://apixshop.example\n    < 200  (by the handler)\n",
        "\ncors-conformance run --adapter unescaped-dot --vector near-miss-origins/dot-replaced-by-a-letter\n",
    ] {
        assert!(text.contains(expected), "{text}");
    }
}

#[test]
fn no_text_of_a_case_becomes_markup_in_markdown() {
    let clean = text_of(|text| markdown::write(&every_outcome(), "cors-conformance", text));
    let (html, other) = markup(&clean);
    assert!(html.iter().all(|html| is_own_html(html)), "{html:?}");
    let text = text_of(|text| markdown::write(&hostile(), "cors-conformance", text));
    let (of_hostile, other_of_hostile) = markup(&text);
    assert!(of_hostile.iter().all(|html| is_own_html(html)), "{of_hostile:?}");
    assert_eq!((of_hostile.len(), other_of_hostile), (html.len(), other), "{text}");
    // A mention in a paragraph would notify a user; in code it does not.
    let (mut is_code, mut outside) = (false, String::new());
    for event in Parser::new_ext(&text, Options::ENABLE_TABLES) {
        match event {
            Event::Start(Tag::CodeBlock(_)) => is_code = true,
            Event::End(pulldown_cmark::TagEnd::CodeBlock) => is_code = false,
            Event::Text(text) if !is_code => outside.push_str(&text),
            _ => {}
        }
    }
    assert!(!outside.contains("octocat") && !outside.contains('\u{202E}'), "{outside}");
}

/// Returns a report with that many new kinds of divergence.
fn report_of_kinds(number: usize) -> Report {
    let mut report = report();
    let found = report.adapters[1].divergences[0].clone();
    let new =
        |index| Divergence { fingerprint: format!("unescaped-dot/over-grant/origin/{index:05}"), ..found.clone() };
    report.adapters[1].divergences = (0..number).map(new).collect();
    report
}

#[test]
fn markdown_fits_a_comment_and_counts_what_it_omits() {
    let text = text_of(|text| markdown::write(&report_of_kinds(2_000), "cors-conformance", text));
    let shown = text.matches("<summary>").count() - 1;
    let note =
        format!("\n{} more do not fit here; `cors-conformance report FILE --all` shows every kind.\n", 2_015 - shown);
    assert!(text.len() <= 65_536 && shown > 50 && text.ends_with(&note), "{shown} {}", &text[text.len() - 200..]);
    assert!(text.contains("\n| over-grant | 2015 | 0 | critical |\n"));
    let mut long = report_of_kinds(1);
    let exchanges = &mut long.adapters[1].divergences[0].evidence.exchanges;
    exchanges[0].url = "x".repeat(100_000);
    *exchanges = vec![exchanges[0].clone(); 100];
    let text = text_of(|text| markdown::write(&long, "cors-conformance", text));
    assert!(text.len() < 65_536 && text.contains(" more lines\n"), "{}", text.len());
}

#[test]
fn markdown_states_that_nothing_is_new() {
    let report = Report { adapters: vec![row("reference", &vectors(&["policies"]))] };
    let text = text_of(|text| markdown::write(&report, "cors-conformance", text));
    assert!(text.starts_with("### CORS conformance: nothing new\n\n1 row, 15 vectors, "), "{text}");
    assert!(text.contains("\nNo divergence.\n") && !text.contains("#### New"), "{text}");
}

#[test]
fn changes_fit_a_comment_without_markup() {
    let changed = changes::changes(&Report { adapters: Vec::new() }, &report());
    let text = text_of(|text| changes::write_markdown(&changed, text));
    assert!(
        text.starts_with("### CORS conformance: 16 new, 0 fixed, 0 shown by different cases\n\n#### New\n"),
        "{text}"
    );
    let new = "- `unescaped-dot/over-grant/origin/dot.none.actual.2xx.handler`\n";
    assert!(text.contains(&format!("\n`unescaped-dot none -> {VERSION}`\n\n{new}")), "{text}");
    let changed = changes::changes(&Report { adapters: Vec::new() }, &hostile());
    let (html, links) = markup(&text_of(|text| changes::write_markdown(&changed, text)));
    assert_eq!((html.len(), links.iter().filter(|link| *link != "Heading").count()), (0, 0));
    let many = changes::changes(&Report { adapters: Vec::new() }, &report_of_kinds(5_000));
    let text = text_of(|text| changes::write_markdown(&many, text));
    assert!(
        text.len() <= 65_536 && text.ends_with(" more lines do not fit here; `compare-runs OLD NEW` shows them.\n")
    );
    let json: Value = serde_json::from_str(&text_of(|text| changes::write_json(&changed, text))).unwrap();
    assert_eq!((&json["schema"], &json["changes"][0]["before"]), (&json!(1), &Value::Null));
}

fn log(report: &Report) -> Value {
    serde_json::from_str(&text_of(|text| sarif::write(report, "cors-conformance", text))).unwrap()
}

#[test]
fn sarif_has_the_required_fields_and_every_rule() {
    let log = log(&every_outcome());
    assert_eq!((&log["version"], &log["$schema"]), (&json!("2.1.0"), &json!(sarif::SCHEMA)));
    let run = &log["runs"][0];
    assert_eq!(run["tool"]["driver"]["name"], "cors-conformance");
    let described = run["tool"]["driver"]["rules"].as_array().unwrap();
    assert!(described.iter().map(|rule| rule["id"].as_str().unwrap()).eq(rules().map(|rule| rule.id)));
    for rule in described {
        assert!(rule["helpUri"].as_str().unwrap().starts_with("https://"), "{rule}");
        assert!(!rule["help"]["text"].as_str().unwrap().is_empty(), "{rule}");
    }
    let results = run["results"].as_array().unwrap();
    for result in results {
        let index = result["ruleIndex"].as_u64().unwrap() as usize;
        assert_eq!(described[index]["id"], result["ruleId"]);
        assert!(["none", "note", "warning", "error"].contains(&result["level"].as_str().unwrap()));
        assert!(!result["message"]["text"].as_str().unwrap().is_empty());
    }
    let invocation = &run["invocations"][0];
    assert_eq!(invocation["executionSuccessful"], false);
    let notification = &invocation["toolExecutionNotifications"][0]["message"]["text"];
    assert_eq!(notification, "unescaped-dot: broken: no handler");
}

#[test]
fn a_sarif_result_is_a_fingerprint_at_the_vector_that_shows_it() {
    let log = log(&every_outcome());
    let results = log["runs"][0]["results"].as_array().unwrap();
    assert_eq!(results.len(), 16);
    let of = |adapter: &str| results.iter().find(|result| result["properties"]["adapter"] == adapter).unwrap();
    let new = of("unescaped-dot");
    let fingerprint = "unescaped-dot/over-grant/origin/dot.none.actual.2xx.handler";
    assert_eq!(new["partialFingerprints"]["corsConformance/v1"], fingerprint);
    assert_eq!((&new["baselineState"], &new["suppressions"]), (&json!("new"), &Value::Null));
    let place = &new["locations"][0]["physicalLocation"];
    assert_eq!(place["artifactLocation"]["uri"], "conformance/vectors/near-miss-origins.json");
    let line = place["region"]["startLine"].as_u64().unwrap() as usize;
    let folder = std::path::Path::new(env!("CARGO_MANIFEST_DIR")).join("vectors/near-miss-origins.json");
    let vectors = std::fs::read_to_string(folder).unwrap();
    let after: String = vectors.lines().skip(line - 1).take(2).collect();
    assert!(after.contains("near-miss-origins/dot-replaced-by-a-letter"), "{after}");
    assert_eq!(of("reflects-any-origin")["baselineState"], "unchanged");
    assert_eq!(of("reflects-any-origin")["suppressions"][0]["kind"], "external");
}

#[test]
fn a_sarif_result_of_a_custom_vector_has_no_physical_location() {
    let mut report = report();
    report.adapters[1].divergences[0].case.id = "mine/one".to_owned();
    report.adapters[1].divergences[0].rule = "mine/rule".into();
    let log = log(&report);
    let results = log["runs"][0]["results"].as_array().unwrap();
    let result = results.iter().find(|result| result["ruleId"] == "mine/rule").unwrap();
    assert_eq!((result.get("ruleIndex"), result["locations"][0].get("physicalLocation")), (None, None));
    assert_eq!(result["locations"][0]["logicalLocations"][0]["fullyQualifiedName"], "unescaped-dot/mine/one");
}

#[test]
fn a_badge_counts_cases_by_class_and_has_no_percentage() {
    let badge =
        |row: &AdapterReport| -> Value { serde_json::from_str(&text_of(|text| badge::write(row, text))).unwrap() };
    let report = every_outcome();
    let parts = |row: &AdapterReport| {
        let badge = badge(row);
        assert_eq!(badge["schemaVersion"], 1);
        let text = |field: &str| badge[field].as_str().unwrap().to_owned();
        (text("label"), text("message"), text("color"))
    };
    let of = |name: &str, message: &str, color: &str| {
        (format!("CORS, {name} {VERSION}"), message.to_owned(), color.to_owned())
    };
    let cases = report.adapters[0].counts.conform;
    let expected = of("reference", &format!("no divergence in {cases} cases"), "brightgreen");
    assert_eq!(parts(&report.adapters[0]), expected);
    assert_eq!(parts(&report.adapters[1]), of("unescaped-dot", "1 broken, 1 over-grant", "lightgrey"));
    assert_eq!(parts(&report.adapters[2]), of("reflects-any-origin", "21 over-grant", "red"));
    assert_eq!(parts(&row("reference", &[])), of("reference", "nothing judged", "lightgrey"));
}

#[test]
fn groups_are_sorted_by_severity_and_their_examples_have_the_fewest_exchanges() {
    let report = every_outcome();
    let groups = by_fingerprint::group_by_fingerprint(&report);
    let high = groups.iter().find(|group| group.example.severity == Severity::High).unwrap();
    assert_eq!(high.adapter.name, "unescaped-dot", "new groups come before known ones of the same severity");
    assert!(groups.is_sorted_by_key(|group| (std::cmp::Reverse(group.example.severity), group.example.known)));
    for group in &groups {
        let example = group.example;
        let all = group.adapter.divergences.iter().filter(|other| other.fingerprint == example.fingerprint);
        let fewest = all.map(|other| other.evidence.exchanges.len()).min();
        assert_eq!(fewest, Some(example.evidence.exchanges.len()));
    }
}
