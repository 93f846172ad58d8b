//! Progress on standard error. It is drawn only if standard error is a terminal.

use indicatif::{ProgressBar, ProgressStyle};

/// Returns a progress bar over a number of cases.
pub(super) fn progress_bar(cases: usize) -> ProgressBar {
    styled(ProgressBar::new(cases as u64), "{bar:30} {pos}/{len} cases  {msg}")
}

/// Returns a spinner for a search without a known end.
pub(super) fn spinner(template: &str) -> ProgressBar {
    styled(ProgressBar::new_spinner(), template)
}

fn styled(bar: ProgressBar, template: &str) -> ProgressBar {
    match ProgressStyle::with_template(template) {
        Ok(style) => bar.with_style(style),
        Err(_) => bar,
    }
}
