//! `browsers`, where there is none.

use crate::common::run;

#[test]
fn a_browser_that_is_missing_is_named_with_its_package() {
    let ran = run(&["browsers", "--browser", "/nope/chromium"], b"");
    assert!(ran.stderr.contains("/nope/chromium: No such file"), "{}", ran.stderr);
    assert!(ran.stderr.contains("apt-get install chromium"), "{}", ran.stderr);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
}

#[test]
fn a_browser_that_ends_by_itself_is_an_error() {
    let folder = tempfile::tempdir().unwrap();
    let path = folder.path().join("chromium");
    std::fs::copy("/bin/true", &path).unwrap();
    let ran = run(&["browsers", "--browser", path.to_str().unwrap(), "--case", "acao"], b"");
    assert!(ran.stderr.contains("chromium ended by itself after 0 of "), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn what_is_no_browser_is_refused() {
    let ran = run(&["browsers", "--browser", "netscape"], b"");
    assert!(ran.stderr.contains("write chromium, firefox, webkit, or the path of one"), "{}", ran.stderr);
    assert_eq!(ran.status, Some(2));
}

#[test]
fn a_middleware_that_is_none_is_named_beside_those_that_can_listen() {
    let ran = run(&["browsers", "--browser", "/nope/chromium", "--through", "nonsense"], b"");
    let says = "--through nonsense: nothing of that name can listen; there are ";
    assert!(ran.stderr.contains(says) && ran.stderr.contains(", reference, and the mutants"), "{}", ran.stderr);
    assert_eq!((ran.status, ran.stdout.as_str()), (Some(2), ""));
}
