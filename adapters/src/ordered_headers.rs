//! One order for what a framework keeps in hash maps.
//!
//! Some middlewares keep headers or allow-lists in hash sets, and so answer in another order at every
//! start. The order of headers of different names, and of the members of these lists, means nothing to a
//! browser; a report that is to be the same at every run needs one of the possible orders.

use cors_reference::{header::HeaderName, header_list::HeaderList, response::Response};

const LISTS: [&str; 4] =
    ["Access-Control-Allow-Methods", "Access-Control-Allow-Headers", "Access-Control-Expose-Headers", "Allow"];

/// The response with its headers sorted by name, repeats in their order, and its allow-lists sorted.
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
    fn names_and_allow_lists_are_sorted_and_repeats_keep_their_order() {
        let response =
            Response::new(200).with("X", "2").with("Access-Control-Allow-Methods", "PUT, GET").with("X", "1");
        let sorted = Response::new(200).with("Access-Control-Allow-Methods", "GET, PUT").with("X", "2").with("X", "1");
        assert_eq!(with_ordered_headers(response), sorted);
    }
}
