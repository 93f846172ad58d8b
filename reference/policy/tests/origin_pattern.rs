//! Parsing, serializing and matching single patterns.

use cors_policy::origin_set::OriginPattern;

#[test]
fn a_pattern_without_wildcards_covers_only_its_own_bytes() {
    for text in ["https://a.example", "null"] {
        let pattern: OriginPattern = text.parse().expect(text);
        assert!(pattern.is_exact() && pattern.matches(text.as_bytes()), "{text}");
        for other in ["https://b.example", "https://a.example:443", "Null", ""] {
            assert!(!pattern.matches(other.as_bytes()), "{text} {other}");
        }
    }
}

#[test]
fn a_pattern_has_the_same_form_in_text_and_json() {
    for text in ["https://*.a.example:*", "http://localhost:*", "https://a.example", "null"] {
        let json = format!("\"{text}\"");
        let pattern: OriginPattern = serde_json::from_str(&json).expect(text);
        assert_eq!(pattern.to_string(), text);
        assert_eq!(serde_json::to_string(&pattern).expect("JSON"), json);
    }
}
