//! bunner_cors_rs 0.1.2.

use bunner_cors_rs::{
    AllowedHeaders, AllowedMethods, Cors, CorsDecision, CorsOptions, Origin, OriginMatcher, RequestContext,
};

fn get(origin: &str) -> RequestContext<'_> {
    RequestContext {
        method: "GET",
        origin: Some(origin),
        access_control_request_method: None,
        access_control_request_headers: None,
        access_control_request_private_network: false,
    }
}

/// Expected: the second list is not allowed, wherever it is in memory. Both lists have the same length, and the allow-list
/// covers only the first.
#[test]
fn header_names_are_remembered_by_their_address() {
    let allowed = AllowedHeaders::list(["x-a"]);
    let mut buffer = "x-a".to_owned();
    assert!(allowed.allows_headers(&buffer));
    buffer.replace_range(.., "x-z");
    assert!(allowed.allows_headers(&buffer));
    // In the other direction, a permitted preflight is refused.
    assert!(!allowed.allows_headers("x-y"));
    let mut buffer = "x-z".to_owned();
    assert!(!allowed.allows_headers(&buffer));
    buffer.replace_range(.., "x-a");
    assert!(!allowed.allows_headers(&buffer));
}

/// Expected: the expression has to match the whole origin.
#[test]
fn a_pattern_matches_a_part_of_the_origin() {
    let pattern = OriginMatcher::pattern_str(r"https://.*\.shop\.example").unwrap();
    let cors = Cors::new(CorsOptions::new().origin(Origin::list([pattern]))).unwrap();
    let origin = "https://a.shop.example.evil.test";
    let Ok(CorsDecision::SimpleAccepted { headers }) = cors.check(&get(origin)) else { panic!() };
    assert_eq!(headers["Access-Control-Allow-Origin"], origin);
}

/// Expected: the README's example covers `https://api.example.com`, as the README states.
#[test]
fn the_pattern_of_the_readme_covers_nothing() {
    let pattern = OriginMatcher::pattern_str(r"https://.*\\.example\\.com").unwrap();
    assert!(!pattern.matches("https://api.example.com"));
}

/// Expected: an `OPTIONS` that is not a preflight is treated as every other listed method.
#[test]
fn an_options_request_of_a_page_gets_no_headers() {
    let options = CorsOptions::new()
        .origin(Origin::exact("https://app.example"))
        .methods(AllowedMethods::list(["GET", "OPTIONS"]));
    let request = RequestContext { method: "OPTIONS", ..get("https://app.example") };
    assert!(matches!(Cors::new(options).unwrap().check(&request), Ok(CorsDecision::NotApplicable)));
}

/// Expected: both methods stay, because methods are case-sensitive.
#[test]
fn of_methods_that_differ_in_case_one_is_kept() {
    assert_eq!(AllowedMethods::list(["patch", "PATCH"]).as_slice(), ["patch"]);
}

/// Expected: not applicable to `null`, either. "Disables CORS evaluation."
#[test]
fn what_is_disabled_still_refuses_null() {
    let cors = Cors::new(CorsOptions::new().origin(Origin::disabled())).unwrap();
    assert!(matches!(cors.check(&get("null")), Ok(CorsDecision::SimpleRejected(_))));
}

/// Expected: a decision with `Vary: Origin`, because a request with an origin gets a different answer.
#[test]
fn an_answer_without_an_origin_does_not_vary() {
    let cors = Cors::new(CorsOptions::new().origin(Origin::exact("https://app.example"))).unwrap();
    let request = RequestContext { origin: None, ..get("") };
    assert!(matches!(cors.check(&request), Ok(CorsDecision::NotApplicable)));
}

/// Expected: the application answers, because methods are compared byte by byte and `options` is not `OPTIONS`.
#[test]
fn options_in_small_letters_is_a_preflight() {
    let cors = Cors::new(CorsOptions::new()).unwrap();
    let request =
        RequestContext { method: "options", access_control_request_method: Some("PUT"), ..get("https://app.example") };
    assert!(matches!(cors.check(&request), Ok(CorsDecision::PreflightAccepted { .. })));
}
