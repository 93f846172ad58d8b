//! The command `browsers`, without a browser.

use crate::common::run;

#[test]
fn a_missing_browser_is_an_error_that_names_its_package() {
    let ran = run(&["browsers", "--browser", "/nope/chromium"], b"");
    assert!(ran.stderr.contains("/nope/chromium: No such file"), "{}", ran.stderr);
    assert!(ran.stderr.contains("apt-get install chromium"), "{}", ran.stderr);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
}

#[test]
fn a_browser_that_ends_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chromium");
    std::fs::copy("/bin/true", &path).unwrap();
    let ran = run(&["browsers", "--browser", path.to_str().unwrap(), "--case", "acao"], b"");
    assert!(ran.stderr.contains("chromium ended unexpectedly after 0 of "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn an_unknown_browser_is_an_error() {
    let ran = run(&["browsers", "--browser", "netscape"], b"");
    assert!(ran.stderr.contains("use chromium, firefox, webkit, or the path of a browser"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn an_unknown_middleware_is_an_error_that_lists_the_known_ones() {
    let ran = run(&["browsers", "--browser", "/nope/chromium", "--through", "nonsense"], b"");
    let message = "--through nonsense: no middleware of this name can serve a socket; known are ";
    assert!(ran.stderr.contains(message) && ran.stderr.contains(", reference, and the mutants"), "{}", ran.stderr);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
}
