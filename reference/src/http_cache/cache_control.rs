//! The directives of a [`Cache-Control`](https://www.rfc-editor.org/rfc/rfc9111#section-5.2) header.

use crate::{extract::delta_seconds, header::isomorphic_decode, header_list::HeaderList};

/// The directives of a message, in order, repeats kept. A directive with field names
/// (`private="x-a"`, `no-cache="x-a"`) counts as the one without, as
/// [section 5.2.2.4](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4) notes of many caches.
pub(super) struct Directives(Vec<(String, String)>);

impl Directives {
    pub(super) fn of(headers: &HeaderList) -> Self {
        let text = headers.get("Cache-Control").map(|joined| isomorphic_decode(&joined.to_vec())).unwrap_or_default();
        let directives = split_outside_quotes(&text).map(|directive| {
            let (name, argument) = directive.trim().split_once('=').unwrap_or((directive.trim(), ""));
            (name.to_ascii_lowercase(), unquoted(argument).to_owned())
        });
        Self(directives.collect())
    }

    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    /// The seconds of a directive that takes them. One that is malformed or repeated has 0, which
    /// [section 4.2.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1) allows and encourages.
    pub(super) fn seconds(&self, name: &str) -> Option<u64> {
        let mut named = self.0.iter().filter(|(own, _)| own == name);
        let (_, first) = named.next()?;
        Some(if named.next().is_none() { delta_seconds(first.as_bytes()).unwrap_or(0) } else { 0 })
    }
}

/// The elements between the commas that stand in no quoted string.
fn split_outside_quotes(text: &str) -> impl Iterator<Item = &str> {
    let (mut is_quoted, mut is_escaped) = (false, false);
    text.split(move |c| {
        let was_escaped = is_escaped;
        is_escaped = is_quoted && !was_escaped && c == '\\';
        if c == '"' && !was_escaped {
            is_quoted = !is_quoted;
        }
        c == ',' && !is_quoted
    })
}

/// A directive's argument, which recipients accept as a token and as a quoted string
/// ([section 5.2](https://www.rfc-editor.org/rfc/rfc9111#section-5.2)).
fn unquoted(argument: &str) -> &str {
    argument.strip_prefix('"').and_then(|rest| rest.strip_suffix('"')).unwrap_or(argument)
}

#[cfg(test)]
mod tests {
    use super::*;

    fn directives(lines: &[&str]) -> Directives {
        Directives::of(&lines.iter().fold(HeaderList::EMPTY, |list, line| list.with("Cache-Control", line)))
    }

    #[test]
    fn no_header_has_no_directive() {
        assert!(!directives(&[]).has("public"));
        assert_eq!(directives(&[]).seconds("max-age"), None);
    }

    #[test]
    fn names_compare_without_case_over_all_lines() {
        let directives = directives(&["Public ,\tNO-cache", "Max-Age=5"]);
        assert!(directives.has("public") && directives.has("no-cache") && directives.has("max-age"));
        assert!(!directives.has("private") && !directives.has(""));
        assert_eq!(directives.seconds("max-age"), Some(5));
    }

    #[test]
    fn seconds_may_be_quoted() {
        assert_eq!(directives(&["max-age=\"60\""]).seconds("max-age"), Some(60));
    }

    #[test]
    fn malformed_or_repeated_seconds_are_none() {
        for bad in ["max-age", "max-age=", "max-age=-1", "max-age=1.5", "max-age= 5", "max-age=\"5", "max-age=5\""] {
            assert_eq!(directives(&[bad]).seconds("max-age"), Some(0), "{bad}");
        }
        assert_eq!(directives(&["max-age=5, max-age=5"]).seconds("max-age"), Some(0));
        assert_eq!(directives(&["max-age=5", "MAX-AGE=6"]).seconds("max-age"), Some(0));
    }

    #[test]
    fn a_directive_with_field_names_counts_as_the_one_without() {
        assert!(directives(&["private=\"x-a, x-b\""]).has("private"));
        assert!(directives(&["no-cache=x-a"]).has("no-cache"));
    }

    #[test]
    fn a_comma_in_quotes_separates_nothing() {
        for quoted in [r#"a="x, no-store, y""#, r#"a="\", no-store, y""#, r#"a="\\\", no-store, y""#] {
            assert!(!directives(&[quoted]).has("no-store"), "{quoted}");
        }
        for closed in [r#"a="x", no-store"#, r#"a="\\", no-store"#, r"a=\, no-store", r#"a="\x", no-store"#] {
            assert!(directives(&[closed]).has("no-store"), "{closed}");
        }
    }

    #[test]
    fn a_backslash_escapes_nothing_outside_of_quotes() {
        assert!(!directives(&[r#"a=\"x, no-store, y""#]).has("no-store"));
    }
}
