//! The directives of a [`Cache-Control`](https://www.rfc-editor.org/rfc/rfc9111#section-5.2) header.

use crate::{extract::delta_seconds, header::isomorphic_decode, header_list::HeaderList};

/// The directives of a message, in order. A directive may be repeated. A directive with field names
/// (`private="x-a"`, `no-cache="x-a"`) has the effect of the directive without them, as in many caches
/// ([section 5.2.2.4](https://www.rfc-editor.org/rfc/rfc9111#section-5.2.2.4)).
pub(super) struct Directives(Vec<(String, String)>);

impl Directives {
    /// Parses the `Cache-Control` headers of a message.
    pub(super) fn of(headers: &HeaderList) -> Self {
        let text = headers.get("Cache-Control").map(|joined| isomorphic_decode(&joined.to_vec())).unwrap_or_default();
        let directives = split_outside_quotes(&text).map(|directive| {
            let (name, argument) = directive.trim().split_once('=').unwrap_or((directive.trim(), ""));
            (name.to_ascii_lowercase(), unquoted(argument).to_owned())
        });
        Self(directives.collect())
    }

    /// Returns true if a directive of that name is present. `name` is in lower case.
    pub(super) fn has(&self, name: &str) -> bool {
        self.0.iter().any(|(own, _)| own == name)
    }

    /// Returns the argument of a directive, in seconds. A malformed or repeated directive has 0 seconds, as
    /// [section 4.2.1](https://www.rfc-editor.org/rfc/rfc9111#section-4.2.1) encourages.
    pub(super) fn seconds(&self, name: &str) -> Option<u64> {
        let mut named = self.0.iter().filter(|(own, _)| own == name);
        let (_, first) = named.next()?;
        Some(if named.next().is_none() { delta_seconds(first.as_bytes()).unwrap_or(0) } else { 0 })
    }
}

/// Splits at the commas that are not in a quoted string.
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

/// Returns the argument of a directive, which may be a token or a quoted string
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
    fn without_a_header_there_are_no_directives() {
        assert!(!directives(&[]).has("public"));
        assert_eq!(directives(&[]).seconds("max-age"), None);
    }

    #[test]
    fn names_are_case_insensitive_and_all_lines_count() {
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
    fn malformed_or_repeated_seconds_are_0() {
        for bad in ["max-age", "max-age=", "max-age=-1", "max-age=1.5", "max-age= 5", "max-age=\"5", "max-age=5\""] {
            assert_eq!(directives(&[bad]).seconds("max-age"), Some(0), "{bad}");
        }
        assert_eq!(directives(&["max-age=5, max-age=5"]).seconds("max-age"), Some(0));
        assert_eq!(directives(&["max-age=5", "MAX-AGE=6"]).seconds("max-age"), Some(0));
    }

    #[test]
    fn field_names_of_a_directive_are_ignored() {
        assert!(directives(&["private=\"x-a, x-b\""]).has("private"));
        assert!(directives(&["no-cache=x-a"]).has("no-cache"));
    }

    #[test]
    fn a_comma_in_quotes_does_not_separate_directives() {
        for quoted in [r#"a="x, no-store, y""#, r#"a="\", no-store, y""#, r#"a="\\\", no-store, y""#] {
            assert!(!directives(&[quoted]).has("no-store"), "{quoted}");
        }
        for closed in [r#"a="x", no-store"#, r#"a="\\", no-store"#, r"a=\, no-store", r#"a="\x", no-store"#] {
            assert!(directives(&[closed]).has("no-store"), "{closed}");
        }
    }

    #[test]
    fn a_backslash_outside_quotes_does_not_escape() {
        assert!(!directives(&[r#"a=\"x, no-store, y""#]).has("no-store"));
    }
}
