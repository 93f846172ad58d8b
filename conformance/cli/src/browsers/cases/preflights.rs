//! Preflight responses: permitted methods, headers and origins.

use cors_reference::request::CredentialsMode;

use super::{
    collection::Cases,
    visit_builder::{ACAC, ACAH, ACAM, ACAO, BOTH, VisitBuilder},
};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    let base = |credentials: CredentialsMode| {
        let visit = VisitBuilder::new(world).credentials(credentials);
        let allow = visit.allow();
        (visit.answer(200, &allow), allow)
    };
    for credentials in BOTH {
        for method in ["PUT", "patch", "PATCH", "CHICKEN"] {
            for lines in method_lists() {
                let (visit, mut allow) = base(credentials);
                allow.extend(lines.iter().map(|line| (ACAM, (*line).to_owned())));
                cases.push("acam", visit.method(method).preflight(200, &allow));
            }
        }
        for headers in [&["X-A"][..], &["X-A", "X-B"], &["Authorization"], &["authorization", "X-A"]] {
            for lines in header_lists() {
                let (mut visit, mut allow) = base(credentials);
                allow.extend(lines.iter().map(|line| (ACAH, (*line).to_owned())));
                for name in headers {
                    visit = visit.header(name, "1");
                }
                cases.push("acah", visit.preflight(200, &allow));
            }
        }
        for allow in allowed_by_preflight(&page) {
            let (visit, _) = base(credentials);
            let lines = [&allow[..], &[(ACAM, "PUT".to_owned())]].concat();
            cases.push("preflight_acao", visit.method("PUT").preflight(200, &lines));
        }
    }
    for status in [
        200, 201, 202, 203, 204, 205, 206, 207, 226, 250, 299, 300, 301, 302, 303, 304, 305, 307, 308, 400, 401, 403,
        404, 405, 409, 418, 422, 429, 500, 501, 503, 599,
    ] {
        let (visit, mut allow) = base(CredentialsMode::Omit);
        allow.extend([(ACAM, "PUT".to_owned()), ("Location", "{target}/c/{id}/0".to_owned())]);
        cases.push("preflight_status", visit.method("PUT").preflight(status, &allow));
    }
}

/// Returns values of `Access-Control-Allow-Methods`, each as a list of header lines.
fn method_lists() -> Vec<Vec<&'static str>> {
    let one = [
        "PUT",
        "put",
        "PATCH",
        "patch",
        "CHICKEN",
        "*",
        "PUT, PATCH, CHICKEN",
        "PUT,PATCH,CHICKEN,patch",
        ",PUT,,PATCH,",
        "",
        ",",
        "PUT PATCH CHICKEN",
        "PUT; PATCH",
        "\"PUT\"",
        "PUT, @",
        "*, PUT",
        "PUT, *",
        "GET, HEAD, POST",
        "PUT/1",
        "PUT\t,\tPATCH",
        "**",
        "\u{e9}",
        "PUT, PATCH, CHICKEN, patch, \u{b}",
    ];
    let several = [
        vec![],
        vec!["PUT", "PATCH"],
        vec!["", "PUT"],
        vec!["PUT", "@"],
        vec!["*", "@"],
        vec!["patch", "CHICKEN", "PUT"],
    ];
    one.into_iter().map(|value| vec![value]).chain(several).collect()
}

/// Returns values of `Access-Control-Allow-Headers`, each as a list of header lines.
fn header_lists() -> Vec<Vec<&'static str>> {
    let one = [
        "X-A",
        "x-a, x-b",
        "X-A,X-B,Authorization",
        "authorization",
        "*",
        "*, Authorization",
        "Authorization, *",
        "X-A, *",
        "",
        ",",
        ",X-A,,x-b,",
        "X-A X-B",
        "X-A; X-B",
        "\"X-A\"",
        "X-A, @",
        "@",
        "X-A/1",
        "X-*",
        "**",
        "AUTHORIZATION,X-a",
        "X-A\t,\tX-B",
        "X-A\u{e9}",
        "*, @",
        "x-a, x-b, \u{b}",
    ];
    let several = [
        vec![],
        vec!["X-A", "X-B"],
        vec!["Authorization", "X-A"],
        vec!["", "X-A"],
        vec!["X-A", "@"],
        vec!["@", "X-A"],
        vec!["*", "Authorization"],
    ];
    one.into_iter().map(|value| vec![value]).chain(several).collect()
}

/// Returns the headers for the CORS check on a preflight.
fn allowed_by_preflight(page: &str) -> Vec<Vec<(&'static str, String)>> {
    let one = |value: &str| vec![(ACAO, value.to_owned())];
    let with = |origin: &str, credentials: &str| vec![(ACAO, origin.to_owned()), (ACAC, credentials.to_owned())];
    vec![
        vec![],
        one(page),
        one("*"),
        one("null"),
        one(""),
        one(&format!("{page}/")),
        one(&format!(" {page} ")),
        one(&format!("{page}, {page}")),
        one(&page.to_uppercase()),
        with(page, "true"),
        with(page, "True"),
        with(page, "false"),
        with(page, ""),
        with("*", "true"),
        with("null", "true"),
        with(page, "true, true"),
        with(page, " true\t"),
        vec![(ACAO, page.to_owned()), (ACAO, page.to_owned())],
        vec![(ACAC, "true".to_owned())],
        vec![(ACAO, "*".to_owned()), (ACAO, "*".to_owned())],
    ]
}
