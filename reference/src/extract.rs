//! [Extracting header values](https://fetch.spec.whatwg.org/#extract-header-values): the ABNF of the headers that the
//! CORS protocol reads.

use crate::{
    header::{is_token, trim_tab_or_space},
    headers::Headers,
};

/// The failure of a value that does not match the ABNF of its header, or of a repeated header that allows one value.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure;

/// [Extracts header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) for a name whose ABNF is
/// `#token`: `Access-Control-Allow-Methods`, `-Allow-Headers` and `-Expose-Headers`.
///
/// # Errors
///
/// Returns [`Failure`] if an element is not a token. Empty elements are allowed
/// ([RFC 9110, 5.6.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2)).
pub fn extract_tokens<'a, H: Headers>(name: &'a str, list: &'a H) -> Result<Option<Vec<&'a str>>, Failure> {
    let mut headers = list.values(name).peekable();
    // 1. If list does not contain name, then return null.
    if headers.peek().is_none() {
        return Ok(None);
    }
    // 2. The ABNF allows more than one header.
    // 3. Let values be an empty list.
    let mut values = Vec::new();
    // 4. For each header of that name:
    for value in headers {
        // 4.1–4.3. Extract its values; if that is failure, then return failure; append each value to values.
        for element in value.split(|b| *b == b',').map(trim_tab_or_space) {
            match std::str::from_utf8(element) {
                Ok("") => {}
                Ok(token) if is_token(element) => values.push(token),
                _ => return Err(Failure),
            }
        }
    }
    // 5. Return values.
    Ok(Some(values))
}

/// [Extracts header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) for
/// `Access-Control-Max-Age`, whose ABNF is `delta-seconds`. A number that overflows is [`u64::MAX`].
///
/// # Errors
///
/// Returns [`Failure`] if the header is repeated or its value is not all digits.
pub fn extract_delta_seconds<H: Headers>(name: &str, list: &H) -> Result<Option<u64>, Failure> {
    let mut headers = list.values(name);
    // 1. If list does not contain name, then return null.
    let Some(value) = headers.next() else {
        return Ok(None);
    };
    // 2. If the ABNF for name allows a single header and list contains more than one, return failure.
    if headers.next().is_some() {
        return Err(Failure);
    }
    // 3–4. Extract the values of the only header; if that is failure, then return failure.
    // 5. Return values.
    delta_seconds(value).map(Some)
}

/// Parses [`delta-seconds`](https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2), which is 1*DIGIT. A number that
/// overflows is [`u64::MAX`].
pub(crate) fn delta_seconds(digits: &[u8]) -> Result<u64, Failure> {
    if digits.is_empty() || !digits.iter().all(u8::is_ascii_digit) {
        return Err(Failure);
    }
    let add = |sum: u64, digit: &u8| sum.saturating_mul(10).saturating_add(u64::from(digit - b'0'));
    Ok(digits.iter().fold(0, add))
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::response::Response;

    const ALLOW: &str = "Access-Control-Allow-Methods";

    fn tokens(lines: &[&str]) -> Result<Option<Vec<String>>, Failure> {
        let response = lines.iter().fold(Response::new(200), |response, line| response.with(ALLOW, line));
        let tokens = extract_tokens(ALLOW, &response.headers)?;
        Ok(tokens.map(|tokens| tokens.into_iter().map(str::to_owned).collect()))
    }

    fn some(tokens: &[&str]) -> Result<Option<Vec<String>>, Failure> {
        Ok(Some(tokens.iter().map(|&token| token.to_owned()).collect()))
    }

    #[test]
    fn a_missing_header_is_null_and_an_empty_one_is_an_empty_list() {
        assert_eq!(tokens(&[]), Ok(None));
        assert_eq!(tokens(&[""]), some(&[]));
    }

    #[test]
    fn headers_and_elements_form_one_list() {
        assert_eq!(tokens(&["PUT,\t, PATCH ,", "", "*"]), some(&["PUT", "PATCH", "*"]));
    }

    #[test]
    fn one_bad_element_fails_the_list() {
        for bad in ["PUT PATCH", "PUT, @", "\"PUT\"", "PUT;q=1", "PUT/", "P\u{e9}T", "PUT,\u{b}"] {
            assert_eq!(tokens(&["PUT", bad]), Err(Failure), "{bad:?}");
        }
    }

    #[test]
    fn delta_seconds_are_digits_in_a_single_header() {
        let seconds = |lines: &[&str]| {
            let response = lines.iter().fold(Response::new(200), |response, line| response.with("A", line));
            extract_delta_seconds("A", &response.headers)
        };
        assert_eq!(seconds(&[]), Ok(None));
        assert_eq!(seconds(&["600"]), Ok(Some(600)));
        assert_eq!(seconds(&["99999999999999999999999"]), Ok(Some(u64::MAX)));
        for bad in [&["-1"][..], &["+1"], &["1.5"], &["\"5\""], &[""], &["5, 5"], &["5", "5"]] {
            assert_eq!(seconds(bad), Err(Failure), "{bad:?}");
        }
    }
}
