//! [Extracting header values](https://fetch.spec.whatwg.org/#extract-header-values): the ABNF of the
//! headers that the CORS protocol looks into.

use crate::{
    header::{is_token, trim_tab_or_space},
    header_list::HeaderList,
};

/// A header's value that does not match the ABNF of its name, or a single-valued header given twice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Failure;

/// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) for a name
/// whose ABNF is `#token`: `Access-Control-Allow-Methods`, `-Allow-Headers` and `-Expose-Headers`.
///
/// # Errors
///
/// [`Failure`] if any line has an element that is no token. Empty elements are allowed
/// ([RFC 9110, 5.6.1.2](https://www.rfc-editor.org/rfc/rfc9110#section-5.6.1.2)).
pub fn extract_tokens<'a>(name: &'a str, list: &'a HeaderList) -> Result<Option<Vec<&'a str>>, Failure> {
    // 1. If list does not contain name, then return null.
    if !list.contains(name) {
        return Ok(None);
    }
    // 2. The ABNF allows more than one header. 3. Let values be an empty list.
    let mut values = Vec::new();
    // 4. For each header: extract its values; if that is failure, then return failure.
    for (_, value) in list.named(name) {
        for element in value.as_bytes().split(|b| *b == b',').map(trim_tab_or_space) {
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

/// [Extract header list values](https://fetch.spec.whatwg.org/#extract-header-list-values) for
/// `Access-Control-Max-Age`, whose ABNF is `delta-seconds`. Too great a number is the greatest.
///
/// # Errors
///
/// [`Failure`] if there are several headers of that name, or if the value is not all digits.
pub fn extract_delta_seconds(name: &str, list: &HeaderList) -> Result<Option<u64>, Failure> {
    let mut headers = list.named(name);
    // 1. If list does not contain name, then return null.
    let Some((_, value)) = headers.next() else {
        return Ok(None);
    };
    // 2. If the ABNF for name allows a single header and list contains more than one, return failure.
    if headers.next().is_some() {
        return Err(Failure);
    }
    // 4. Extract header values. 5. Return values.
    delta_seconds(value.as_bytes()).map(Some)
}

/// A [`delta-seconds`](https://www.rfc-editor.org/rfc/rfc9111#section-1.2.2): 1*DIGIT. Too great a number is the
/// greatest.
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
    fn no_header_is_null_and_an_empty_one_is_an_empty_list() {
        assert_eq!(tokens(&[]), Ok(None));
        assert_eq!(tokens(&[""]), some(&[]));
    }

    #[test]
    fn lines_and_commas_and_empty_elements_make_one_list() {
        assert_eq!(tokens(&["PUT,\t, PATCH ,", "", "*"]), some(&["PUT", "PATCH", "*"]));
    }

    #[test]
    fn one_bad_element_fails_the_whole_list() {
        for bad in ["PUT PATCH", "PUT, @", "\"PUT\"", "PUT;q=1", "PUT/", "P\u{e9}T", "PUT,\u{b}"] {
            assert_eq!(tokens(&["PUT", bad]), Err(Failure), "{bad:?}");
        }
    }

    #[test]
    fn max_age_is_digits_given_once() {
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
