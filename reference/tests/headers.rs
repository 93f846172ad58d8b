//! Are headers in JSON, and in a script's hands, what they are on the wire?

mod common;

use common::headers;
use cors_reference::{
    header::{HeaderName, HeaderValue},
    header_list::HeaderList,
};

fn value(json: &str) -> Result<Vec<u8>, String> {
    let value = serde_json::from_str::<HeaderValue>(json).map_err(|error| error.to_string())?;
    Ok(value.as_bytes().to_vec())
}

#[test]
fn a_value_in_json_is_one_character_a_byte() {
    assert_eq!(value(r#""\u00e9\u00ff""#), Ok(b"\xe9\xff".to_vec()));
    assert_eq!(value(r#""a\u0000b""#), Ok(b"a\0b".to_vec()));
    let back = serde_json::to_string(&HeaderValue::from_wire(b"\xe9\xff")).expect("JSON");
    assert_eq!(back, "\"\u{e9}\u{ff}\"");
}

#[test]
fn a_character_that_is_no_byte_is_refused() {
    for json in [r#""\u0100""#, r#""\u20ac""#] {
        assert!(value(json).is_err_and(|error| error.contains("one character per byte")), "{json}");
    }
}

#[test]
fn tabs_and_spaces_around_a_value_in_json_are_not_part_of_it() {
    assert_eq!(value(r#"" \ta b\t ""#), Ok(b"a b".to_vec()));
    assert_eq!(value(r#"" a\r\n""#), Ok(b"a\r\n".to_vec()));
}

#[test]
fn a_name_in_json_is_a_token() {
    for json in [r#""""#, r#""x y""#, r#""x:""#, r#""\u00e9""#, r#""x\n""#] {
        assert!(serde_json::from_str::<HeaderName>(json).is_err(), "{json}");
    }
}

#[test]
fn a_list_keeps_order_repeats_and_case() {
    let json = r#"[["X-A","1"],["b","2"],["x-a","1"]]"#;
    let list: HeaderList = serde_json::from_str(json).expect("a list");
    assert_eq!(serde_json::to_string(&list).expect("JSON"), json);
    assert_eq!((list.len(), list.is_empty(), HeaderList::EMPTY.is_empty()), (3, false, true));
}

#[test]
fn a_script_reads_names_in_lower_case() {
    let names = headers(&[("X-A", "B"), ("ETag", "C")]).to_lowercase();
    assert_eq!(serde_json::to_string(&names).expect("JSON"), r#"[["x-a","B"],["etag","C"]]"#);
}

#[test]
#[should_panic(expected = "a constant header name is a token")]
fn a_constant_name_that_is_not_a_token_panics() {
    let _ = HeaderList::EMPTY.with("x y", "1");
}

#[test]
fn a_parsed_name_that_is_not_a_token_is_an_error() {
    for text in ["x y", "", "x:", "\u{e9}"] {
        assert!(text.parse::<HeaderName>().is_err(), "{text:?}");
    }
}
