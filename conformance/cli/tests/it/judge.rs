//! The command `judge`.

use crate::common::run;
use serde_json::{Value, json};

/// Returns the output lines and the exit status of `judge`.
fn judge(lines: &[Value]) -> (Vec<Value>, Option<i32>) {
    let input: String = lines.iter().map(|line| format!("{line}\n")).collect();
    let ran = run(&["judge"], input.as_bytes());
    (ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect(), ran.status)
}

fn line(id: &str, changes: Value) -> Value {
    let mut line = json!({
        "id": id, "page_origin": "https://app.example", "url": "https://api.example/",
        "request": {"method": "GET", "headers": [], "body": null, "credentials": "omit", "mode": "cors", "redirect": "follow"},
        "preflight_response": null,
        "response": {"status": 200, "headers": [["Access-Control-Allow-Origin", "https://app.example"]]},
        "hops": []
    });
    for (key, value) in changes.as_object().unwrap() {
        line[key] = value.clone();
    }
    line
}

#[test]
fn a_line_has_every_promised_field() {
    let (printed, status) = judge(&[line("a", json!({}))]);
    let expected = json!({
        "id": "a", "verdict": "readable", "reason": "cors-check/5",
        "spec": "https://fetch.spec.whatwg.org/#concept-cors-check",
        "explanation": "Access-Control-Allow-Origin is the request's origin `https://app.example`.",
        "status": 200, "readable_headers": [], "preflight": null,
        "requests": [{"method": "GET", "url": "https://api.example/", "headers": [["Origin", "https://app.example"]]}]
    });
    assert_eq!((printed, status), (vec![expected], Some(0)));
}

#[test]
fn a_preflight_is_printed_as_sent() {
    let changes = json!({
        "request": {"method": "put", "headers": [["X-B", "1"], ["x-a", "2"], ["X-b", "3"]]},
        "preflight_response": {"status": 204, "headers": [["Access-Control-Allow-Origin", "*"]]}
    });
    let (printed, _) = judge(&[line("a", changes)]);
    let headers = json!([
        ["Access-Control-Request-Method", "PUT"],
        ["Access-Control-Request-Headers", "x-a,x-b"],
        ["Origin", "https://app.example"]
    ]);
    assert_eq!(
        printed[0]["preflight"],
        json!({"method": "OPTIONS", "url": "https://api.example/", "headers": headers})
    );
    assert_eq!((&printed[0]["reason"], &printed[0]["status"]), (&json!("cors-preflight-fetch/7.5"), &Value::Null));
}

#[test]
fn a_missing_response_is_an_error_and_the_stream_continues() {
    let put = json!({"method": "PUT"});
    let redirect = json!({"status": 302, "headers": [["Access-Control-Allow-Origin", "*"], ["Location", "/b"]]});
    let (printed, status) = judge(&[
        line("preflight", json!({"request": put})),
        line("response", json!({"response": null})),
        line("hop", json!({"response": redirect})),
        line("good", json!({})),
    ]);
    let error = |index: usize| printed[index]["error"].as_str().unwrap();
    assert!(error(0).starts_with("line 1: preflight_response: the browser sends a preflight"), "{}", error(0));
    assert!(error(1).starts_with("line 2: response: the browser sends the request"), "{}", error(1));
    assert!(error(2).starts_with("line 3: hops[0]: the browser follows the redirect"), "{}", error(2));
    assert_eq!((&printed[3]["verdict"], status), (&json!("readable"), Some(2)));
}

#[test]
fn bad_lines_name_line_and_field() {
    let good = line("good", json!({})).to_string();
    for (bad, id, expected) in [
        ("not json".to_owned(), json!(null), "line 2: expected ident"),
        ("{}".to_owned(), json!(null), "line 2: id: every line needs"),
        ("[1]".to_owned(), json!(null), "line 2: invalid type: sequence"),
        (good.clone(), json!("good"), "line 2: id: `good` was used"),
        (line("b", json!({"extra": 1})).to_string(), json!("b"), "line 2: extra: unknown field `extra`"),
        (line("b", json!({"page_origin": "https://a.example/"})).to_string(), json!("b"), "line 2: page_origin: "),
        (
            line("b", json!({"response": {"status": 200, "headers": [["X Y", "1"]]}})).to_string(),
            json!("b"),
            "line 2: response.headers[0][0]: `X Y` is not a token",
        ),
        (
            line("b", json!({"response": {"status": 200, "headers": [["X", "\u{100}"]]}})).to_string(),
            json!("b"),
            "line 2: response.headers[0][1]: a header value is isomorphic-decoded",
        ),
        (
            line("b", json!({"response": {"status": 1000}})).to_string(),
            json!("b"),
            "line 2: response.status: 1000 is not a status",
        ),
        (
            line("b", json!({"request": {"credentials": "always"}})).to_string(),
            json!("b"),
            "line 2: request.credentials: unknown variant",
        ),
    ] {
        let ran = run(&["judge"], format!("{good}\n{bad}\n").as_bytes());
        let printed: Vec<Value> = ran.stdout.lines().map(|line| serde_json::from_str(line).unwrap()).collect();
        assert_eq!(printed[0]["verdict"], "readable");
        assert_eq!(printed[1]["id"], id);
        let error = printed[1]["error"].as_str().unwrap();
        assert!(error.starts_with(expected), "{error}");
        assert_eq!(ran.status, Some(2));
    }
}

#[test]
fn bytes_that_are_not_utf_8_are_an_error_of_their_line() {
    let ran = run(&["judge"], b"\xff\xfe\n\n");
    assert_eq!(ran.stdout.lines().count(), 1);
    assert!(ran.stdout.contains("line 1: not UTF-8"), "{}", ran.stdout);
}

#[test]
fn the_preflight_cache_carries_over_between_visits() {
    let visit = |after_ms: u64| {
        let mut visit = line(
            "",
            json!({
                "after_ms": after_ms, "request": {"method": "PUT"},
                "preflight_response": {"status": 204, "headers": [
                    ["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Methods", "PUT"], ["Access-Control-Max-Age", "2"]
                ]}
            }),
        );
        visit.as_object_mut().unwrap().remove("id");
        visit
    };
    let (printed, _) = judge(&[json!({"id": "s", "visits": [visit(0), visit(1999), visit(1)]})]);
    let preflights: Vec<bool> =
        printed[0]["visits"].as_array().unwrap().iter().map(|visit| !visit["preflight"].is_null()).collect();
    assert_eq!(preflights, [true, false, true]);
}

#[test]
fn an_agent_applies_its_deviations() {
    let authorization = line(
        "a",
        json!({
            "request": {"headers": [["Authorization", "t"]]},
            "preflight_response": {"status": 204, "headers": [["Access-Control-Allow-Origin", "*"], ["Access-Control-Allow-Headers", "*"]]}
        }),
    );
    for (agent, reason) in [("standard", "cors-preflight-fetch/7.6"), ("chromium", "cors-check/5")] {
        let ran = run(&["judge", "--agent", agent], authorization.to_string().as_bytes());
        assert_eq!(serde_json::from_str::<Value>(&ran.stdout).unwrap()["reason"], reason);
    }
    let ran = run(&["judge", "--agent", "netscape"], b"");
    assert!(ran.stderr.contains("unknown agent; choose one of standard, chromium, firefox, webkit"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}
