//! Text for GitHub's Markdown, escaped so that no text of a case becomes markup, a link or a mention.

/// The size limit of a comment on GitHub. GitHub counts characters; this module counts bytes, which are never fewer.
const MAX_COMMENT_LEN: usize = 65_536;

/// Returns a text as a code span.
pub(super) fn code(text: &str) -> String {
    // A bar would end the cell of a table, and a line break the span.
    let text: String = escaped(text).replace('\n', " ").replace('|', "¦");
    let fence = "`".repeat(longest_run(&text) + 1);
    let is_plain = !text.is_empty() && !text.starts_with([' ', '`']) && !text.ends_with([' ', '`']);
    let space = if is_plain { "" } else { " " };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Returns a text as a code block with at most `max_lines` lines.
pub(super) fn code_block(text: &str, max_lines: usize) -> String {
    const MAX_WIDTH: usize = 500;
    let cut = |line: &str| match line.char_indices().nth(MAX_WIDTH) {
        Some((end, _)) => format!("{}…", escaped(&line[..end])),
        None => escaped(line),
    };
    let mut lines: Vec<String> = text.lines().take(max_lines).map(cut).collect();
    let rest = text.lines().count() - lines.len();
    lines.extend((rest > 0).then(|| format!("… and {rest} more lines")));
    let text = lines.join("\n");
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}

/// Returns a text for use inside HTML, on one line.
pub(super) fn html(text: &str) -> String {
    escaped(text)
        .replace('\n', " ")
        .replace('&', "&amp;")
        .replace('<', "&lt;")
        .replace('>', "&gt;")
        .replace('"', "&quot;")
}

fn longest_run(text: &str) -> usize {
    text.split(|c| c != '`').map(str::len).max().unwrap_or(0)
}

/// Returns a text with escapes for control characters and for invisible characters, such as those that change the direction
/// of text.
fn escaped(text: &str) -> String {
    let is_visible = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_invisible(c));
    let shown = text.chars().map(|c| if is_visible(c) { c.to_string() } else { c.escape_unicode().to_string() });
    shown.collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A text with a size limit.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    omitted: usize,
    max_len: usize,
}

impl Page {
    /// Creates an empty page that reserves `reserve` bytes for its [end](Self::end).
    pub(super) fn new(reserve: usize) -> Self {
        Self { text: String::new(), omitted: 0, max_len: MAX_COMMENT_LEN - reserve }
    }

    /// Adds a part, or omits it if it does not fit. All parts after an omitted one are omitted too.
    pub(super) fn add(&mut self, part: &str) {
        if self.omitted == 0 && self.text.len() + part.len() <= self.max_len {
            self.text.push_str(part);
        } else {
            self.omitted += 1;
        }
    }

    /// Returns the text. If parts were omitted, it ends with the `note` about their number.
    pub(super) fn end(mut self, note: impl FnOnce(usize) -> String) -> String {
        if self.omitted > 0 {
            self.text.push_str(&note(self.omitted));
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_text_cannot_end_its_code_span() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(""), "`  `");
        assert_eq!(code("a\n\n# b | c"), "`a  # b ¦ c`");
    }

    #[test]
    fn a_text_cannot_end_its_code_block_and_is_cut() {
        assert_eq!(code_block("a\n````\n</details>", 5), "`````text\na\n````\n</details>\n`````\n");
        assert_eq!(code_block("a\nb\nc", 2), "```text\na\nb\n… and 1 more lines\n```\n");
        assert!(code_block(&"x".repeat(100_000), 2).len() < 600);
    }

    #[test]
    fn invisible_characters_are_escaped() {
        assert_eq!(code("a\u{202E}b\u{0}\u{1b}"), r"`a\u{202e}b\u{0}\u{1b}`");
        assert_eq!(html("<img src=\"x\">&\n"), "&lt;img src=&quot;x&quot;&gt;&amp; ");
    }

    #[test]
    fn a_full_page_omits_later_parts_and_counts_them() {
        let mut page = Page::new(MAX_COMMENT_LEN - 10);
        ["12345", "123456789", "1"].into_iter().for_each(|part| page.add(part));
        assert_eq!(page.end(|omitted| format!(" {omitted}")), "12345 2");
    }
}
