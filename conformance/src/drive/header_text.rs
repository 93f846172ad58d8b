//! Header values as text, for the rules that check the text of a header.

use cors_reference::header_list::HeaderList;

const PREFIX: &str = "Access-Control-";

/// Returns true if a response header has the prefix of the CORS protocol's headers.
pub(crate) fn is_cors_header(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// Returns the combined value of a header. Bytes that are not UTF-8 are replaced.
pub(crate) fn text(headers: &HeaderList, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(&value.to_vec()).into_owned())
}

/// Returns the elements of a list. An empty header has one empty element.
pub(crate) fn members(headers: &HeaderList, name: &str) -> Vec<String> {
    let lines = headers.named(name).map(|(_, value)| value.isomorphic_decode());
    lines.flat_map(|line| line.split(',').map(|member| member.trim().to_owned()).collect::<Vec<_>>()).collect()
}

/// Returns the members of `Vary` in lower case.
pub(crate) fn vary(headers: &HeaderList) -> Vec<String> {
    members(headers, "Vary").into_iter().map(|member| member.to_ascii_lowercase()).collect()
}
