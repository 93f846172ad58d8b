//! A fixed order for headers that a framework keeps in hash maps.
//!
//! Some middlewares keep headers or allow-lists in hash maps, so that their order differs from run to run. A browser
//! ignores the order of headers with different names and the order of the members of these lists. Sorting them makes two
//! runs report the same.

use cors_reference::{header::HeaderName, header_list::HeaderList, response::Response};

const LISTS: [&str; 4] =
    ["Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Allow"];

/// Sorts the headers of a response by name and the members of its allow-lists. Repeated headers keep their order.
pub(crate) fn with_ordered_headers(mut response: Response) -> Response {
    let mut headers: Vec<_> = response.headers.iter().map(|(name, value)| (name.clone(), value.clone())).collect();
    headers.sort_by_key(|(name, _)| name.as_str().to_ascii_lowercase());
    for (name, value) in &mut headers {
        if is_list(name)
            && let Ok(text) = std::str::from_utf8(value.as_bytes())
        {
            let separator = if text.contains(", ") { ", " } else { "," };
            let mut members: Vec<&str> = text.split(separator).collect();
            members.sort_unstable();
            *value = members.join(separator).as_str().into();
        }
    }
    response.headers = headers.into_iter().collect::<HeaderList>();
    response
}

fn is_list(name: &HeaderName) -> bool {
    LISTS.iter().any(|list| *name == **list)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_and_allow_lists_are_sorted_and_repeated_headers_keep_their_order() {
        let response =
            Response::new(200).with("X", "2").with("Access-Control-Allow-Methods", "PUT, GET").with("X", "1");
        let sorted = Response::new(200).with("Access-Control-Allow-Methods", "GET, PUT").with("X", "2").with("X", "1");
        assert_eq!(with_ordered_headers(response), sorted);
    }
}
