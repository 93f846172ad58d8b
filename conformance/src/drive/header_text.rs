//! Header values as text, for the rules that judge it.

use cors_reference::header_list::HeaderList;

const PREFIX: &str = "Access-Control-";

/// Whether a response header is one of the CORS protocol, or means to be.
pub(crate) fn is_cors_header(name: &str) -> bool {
    name.get(..PREFIX.len()).is_some_and(|start| start.eq_ignore_ascii_case(PREFIX))
}

/// A header's value, its lines combined; bytes that are no text are replaced.
pub(crate) fn text(headers: &HeaderList, name: &str) -> Option<String> {
    headers.get(name).map(|value| String::from_utf8_lossy(&value.to_vec()).into_owned())
}

/// The elements of a list, whatever they are; an empty header has one that is empty.
pub(crate) fn members(headers: &HeaderList, name: &str) -> Vec<String> {
    let lines = headers.named(name).map(|(_, value)| value.isomorphic_decode());
    lines.flat_map(|line| line.split(',').map(|member| member.trim().to_owned()).collect::<Vec<_>>()).collect()
}

/// The members of `Vary`, in lower case.
pub(crate) fn vary(headers: &HeaderList) -> Vec<String> {
    members(headers, "Vary").into_iter().map(|member| member.to_ascii_lowercase()).collect()
}
