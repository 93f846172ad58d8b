//! Header lines without a value, alone and beside others.

use cors_reference::request::CredentialsMode;

use super::super::{
    collection::Cases,
    visit_builder::{ACAC, ACAH, ACAM, ACAO, ACEH, Place, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    let page = page.as_str();
    let answer =
        |headers: &[(&str, &str)]| VisitBuilder::new(world).credentials(CredentialsMode::Include).answer(200, headers);
    let mut push = |group, name: &str, visit| cases.push_named(group, name, visit);
    push("acao", "empty-line-first", answer(&[(ACAO, ""), (ACAO, page), (ACAC, "true")]));
    push("acao", "empty-line-last", answer(&[(ACAO, page), (ACAO, ""), (ACAC, "true")]));
    push("acao", "empty-line-alone", answer(&[(ACAO, ""), (ACAC, "true")]));
    push("acao", "blank-line-first", answer(&[(ACAO, " \t"), (ACAO, page), (ACAC, "true")]));
    push("acac", "spaces-alone-first", answer(&[(ACAO, page), (ACAC, "  "), (ACAC, "true")]));
    push("acac", "two-empty-lines", answer(&[(ACAO, page), (ACAC, ""), (ACAC, ""), (ACAC, "true")]));
    push("acac", "empty-line-between", answer(&[(ACAO, page), (ACAC, "true"), (ACAC, ""), (ACAC, "true")]));
    let exposed = |headers: &[(&str, &str)]| answer(&[&[(ACAO, page), (ACAC, "true")], headers].concat());
    push("expose", "header-without-value", exposed(&[(ACEH, "X-A, X-B"), ("X-A", ""), ("X-B", "b")]));
    push("expose", "header-without-value-twice", exposed(&[(ACEH, "X-A"), ("X-A", ""), ("X-A", "")]));
    push("expose", "empty-line-first", exposed(&[(ACEH, ""), (ACEH, "X-A"), ("X-A", "a")]));
    push("expose", "safelisted-without-value", exposed(&[("Cache-Control", ""), ("Pragma", ""), ("Expires", "")]));
    push("expose", "own-origin-without-value", answer(&[("X-A", ""), ("X-B", "b")]).to(Place::Own));
    push("expose", "wildcard-without-value", {
        VisitBuilder::new(world).answer(200, &[(ACAO, page), (ACEH, "*"), ("X-A", ""), ("X-B", "b")])
    });
    let granted = |headers: &[(&str, &str)]| {
        let preflight = [&[(ACAO, page), (ACAC, "true")], headers].concat();
        answer(&[(ACAO, page), (ACAC, "true")]).method("PUT").header("X-A", "1").preflight(200, &preflight)
    };
    push("acam", "empty-line-first", granted(&[(ACAM, ""), (ACAM, "PUT"), (ACAH, "x-a")]));
    push("acah", "empty-line-between", granted(&[(ACAM, "PUT"), (ACAH, "x-b"), (ACAH, ""), (ACAH, "x-a")]));
}
