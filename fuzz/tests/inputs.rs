//! Mutated and crossed inputs are cases.

use cors_fuzz::inputs::{crossed, mutated, put, vectors};

const CASE: &[u8] = br#"{"visits": [{"fetch": {"page_origin": "https://a.example"}}]}"#;

#[test]
fn a_mutated_input_is_a_case_even_if_the_input_is_not() {
    for seed in (0..500).filter(|seed| seed % 16 != 0) {
        for input in [CASE, b"{\"visits\": 1}", b"\xff", b""] {
            let mutant = mutated(input, seed).unwrap();
            assert_eq!(vectors(&mutant).len(), 1, "{seed}: {}", String::from_utf8_lossy(&mutant));
        }
    }
}

#[test]
fn a_crossed_input_needs_two_cases() {
    assert!(crossed(CASE, CASE, 1).is_some());
    assert_eq!(crossed(CASE, b"{}", 1), None);
}

#[test]
fn an_input_that_is_too_long_is_not_copied() {
    let mut buffer = [0; 4];
    assert_eq!(put(Some(b"12345"), &mut buffer), None);
    assert_eq!((put(Some(b"123"), &mut buffer), buffer), (Some(3), *b"123\0"));
}
