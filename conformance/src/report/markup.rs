//! Text in Markdown as GitHub reads it, so that no case's text becomes markup, a link or a mention.

/// The longest text that GitHub takes as a comment, in bytes; it counts characters, of which there are no more.
pub(super) const LONGEST: usize = 65_536;

/// Text as a code span.
pub(super) fn code(text: &str) -> String {
    // A bar would end the cell of a table, and a line the span.
    let text: String = escaped(text).replace('\n', " ").replace('|', "¦");
    let fence = "`".repeat(longest_run(&text) + 1);
    let is_plain = !text.is_empty() && !text.starts_with([' ', '`']) && !text.ends_with([' ', '`']);
    let space = if is_plain { "" } else { " " };
    format!("{fence}{space}{text}{space}{fence}")
}

/// Text as a code block, of so many lines at most.
pub(super) fn code_block(text: &str, most: usize) -> String {
    const WIDEST: usize = 500;
    let cut = |line: &str| match line.char_indices().nth(WIDEST) {
        Some((end, _)) => format!("{}…", escaped(&line[..end])),
        None => escaped(line),
    };
    let mut lines: Vec<String> = text.lines().take(most).map(cut).collect();
    let rest = text.lines().count() - lines.len();
    lines.extend((rest > 0).then(|| format!("… and {rest} lines more")));
    let text = lines.join("\n");
    let fence = "`".repeat(longest_run(&text).max(2) + 1);
    format!("{fence}text\n{text}\n{fence}\n")
}

/// Text inside HTML, on one line.
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

/// Control characters, and those that turn the direction of what follows, are written as escapes.
fn escaped(text: &str) -> String {
    let is_seen = |c: char| c == '\n' || c == '\t' || !(c.is_control() || is_invisible(c));
    let shown = text.chars().map(|c| if is_seen(c) { c.to_string() } else { c.escape_unicode().to_string() });
    shown.collect()
}

fn is_invisible(c: char) -> bool {
    matches!(c, '\u{200B}'..='\u{200F}' | '\u{2028}'..='\u{202E}' | '\u{2060}'..='\u{2069}' | '\u{FEFF}')
}

/// A text that grows for as long as there is room.
#[derive(Debug)]
pub(super) struct Page {
    text: String,
    left_out: usize,
    room: usize,
}

impl Page {
    /// An empty page, whose last words take `reserve` bytes at most.
    pub(super) fn new(reserve: usize) -> Self {
        Self { text: String::new(), left_out: 0, room: LONGEST - reserve }
    }

    /// Adds a part whole, or counts that it is left out; what comes after is left out too, so that the order tells what.
    pub(super) fn add(&mut self, part: &str) {
        if self.left_out == 0 && self.text.len() + part.len() <= self.room {
            self.text.push_str(part);
        } else {
            self.left_out += 1;
        }
    }

    /// The text, its last words those of `told`, who is given how many parts are left out.
    pub(super) fn end(mut self, told: impl FnOnce(usize) -> String) -> String {
        if self.left_out > 0 {
            self.text.push_str(&told(self.left_out));
        }
        self.text
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_code_span_is_not_left_by_what_is_in_it() {
        assert_eq!(code("a`b``c"), "```a`b``c```");
        assert_eq!(code("`a"), "`` `a ``");
        assert_eq!(code(""), "`  `");
        assert_eq!(code("a\n\n# b | c"), "`a  # b ¦ c`");
    }

    #[test]
    fn a_code_block_is_not_left_by_what_is_in_it_and_says_what_is_cut() {
        assert_eq!(code_block("a\n````\n</details>", 5), "`````text\na\n````\n</details>\n`````\n");
        assert_eq!(code_block("a\nb\nc", 2), "```text\na\nb\n… and 1 lines more\n```\n");
        assert!(code_block(&"x".repeat(100_000), 2).len() < 600);
    }

    #[test]
    fn what_cannot_be_seen_is_shown() {
        assert_eq!(code("a\u{202E}b\u{0}\u{1b}"), r"`a\u{202e}b\u{0}\u{1b}`");
        assert_eq!(html("<img src=\"x\">&\n"), "&lt;img src=&quot;x&quot;&gt;&amp; ");
    }

    #[test]
    fn a_full_page_takes_no_later_part_and_counts_them() {
        let mut page = Page::new(LONGEST - 10);
        ["12345", "123456789", "1"].into_iter().for_each(|part| page.add(part));
        assert_eq!(page.end(|left_out| format!(" {left_out}")), "12345 2");
    }
}
