//! Parsing and serializing origins.

mod common;

use common::origin;
use cors_reference::origin::{Origin, OriginError};

#[test]
fn an_origin_is_the_same_in_text_and_in_json() {
    for text in ["https://a.example", "http://[::1]:3000", "chrome-extension://abc", "app://x:80", "null"] {
        let json = format!("\"{text}\"");
        let from_json: Origin = serde_json::from_str(&json).expect(text);
        assert_eq!((from_json.to_string(), from_json.is_opaque()), (text.to_owned(), text == "null"));
        assert_eq!(serde_json::to_string(&origin(text)).expect("JSON"), json);
    }
}

#[test]
fn an_origin_of_another_scheme_is_spelled_as_a_browser_would() {
    for text in
        ["app://x:080", "app://x:", "app://x:+80", "app://x/", "app://X", "App://x", "app://u@x", "app://x:65536"]
    {
        let no_origin = Err(OriginError::NotAnOrigin(text.to_owned()));
        assert_eq!(text.parse::<Origin>(), no_origin, "{text}");
    }
}
