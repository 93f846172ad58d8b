//! Response headers: the CORS check and the headers that a page can read.

use cors_reference::request::CredentialsMode;

use super::{
    collection::Cases,
    visit_builder::{ACAC, ACAO, ACEH, BOTH, VisitBuilder},
    world::World,
};

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let page = world.page_origin();
    for credentials in BOTH {
        for values in allow_origins(&page) {
            let mut headers: Vec<_> = values.into_iter().map(|value| (ACAO, value)).collect();
            headers.push((ACAC, "true".to_owned()));
            cases.push("acao", VisitBuilder::new(world).credentials(credentials).answer(200, &headers));
        }
    }
    for values in allow_credentials() {
        let mut headers = vec![(ACAO, page.as_str())];
        headers.extend(values.iter().map(|value| (ACAC, *value)));
        for credentials in [CredentialsMode::Include, CredentialsMode::SameOrigin] {
            cases.push("acac", VisitBuilder::new(world).credentials(credentials).answer(200, &headers));
        }
    }
    for (origin, allowed) in other_pages(world) {
        for allow in allowed {
            for credentials in BOTH {
                let group = if origin == "null" { "opaque" } else { "tuple_origin" };
                let headers = [(ACAO, allow.as_str()), (ACAC, "true")];
                cases
                    .push(group, VisitBuilder::new(world).page(&origin).credentials(credentials).answer(200, &headers));
            }
        }
    }
    let sent = [
        ("X-A", "a"),
        ("X-B", "b"),
        ("X-Long-Name", "l"),
        ("Date", "Mon, 01 Jan 2024 00:00:00 GMT"),
        ("ETag", "\"e\""),
        ("Server", "srv"),
        ("Set-Cookie", "e=1; Path=/nowhere"),
    ];
    for lines in exposures() {
        for credentials in BOTH {
            let mut headers = vec![(ACAO, page.as_str()), (ACAC, "true")];
            headers.extend(lines.iter().map(|line| (ACEH, *line)));
            headers.extend(sent);
            cases.push("expose", VisitBuilder::new(world).credentials(credentials).answer(200, &headers));
        }
    }
    for name in response_header_names() {
        let headers =
            [(ACAO, page.as_str()), (name, if name.eq_ignore_ascii_case("content-length") { "1" } else { "x" })];
        cases.push("resp_safelist", VisitBuilder::new(world).answer(200, &headers));
    }
    for status in [
        200, 201, 202, 203, 204, 205, 206, 207, 226, 299, 300, 304, 305, 306, 400, 402, 403, 404, 405, 406, 409, 410,
        411, 412, 413, 414, 415, 416, 417, 418, 422, 423, 424, 426, 428, 429, 431, 451, 500, 501, 502, 503, 504, 505,
        507, 508, 510, 511, 599,
    ] {
        cases.push("actual_status", VisitBuilder::new(world).answer(status, &[(ACAO, page.as_str()), ("X-A", "a")]));
        cases.push("actual_status", VisitBuilder::new(world).answer::<&str>(status, &[]));
    }
}

/// Returns values of `Access-Control-Allow-Origin`, each as a list of header lines.
fn allow_origins(page: &str) -> Vec<Vec<String>> {
    let own = page.to_owned();
    let upper = page.to_uppercase();
    let one = [
        own.clone(),
        "*".into(),
        "null".into(),
        String::new(),
        " ".into(),
        upper,
        format!("{page}/"),
        format!("{page};"),
        format!("{page},"),
        format!(",{page}"),
        format!("{page}, {page}"),
        format!("{page} {page}"),
        format!("{page},*"),
        format!("*, {page}"),
        format!("\"{page}\""),
        format!("<{page}>"),
        format!(" {page}\t"),
        format!("\t\t{page}"),
        format!("{page}\u{b}"),
        format!("{page}\u{c}"),
        format!("{page}\u{a0}"),
        format!("{page}."),
        format!("{page}#"),
        format!("{page}?"),
        format!("{page}0"),
        page.replace("http:", "https:"),
        page.replace("localhost", "Localhost"),
        page.replace("localhost", "localhost."),
        page.replace("http://", ""),
        page.replace("http://", "http:"),
        page.replace("http://", "//"),
        "http://localhost".into(),
        "http://*".into(),
        "http://*:*".into(),
        "http://*.localhost".into(),
        "**".into(),
        "'*'".into(),
        "\"*\"".into(),
        "* ".into(),
        "\t*".into(),
        "*,".into(),
        "*,*".into(),
        "*;".into(),
        "NULL".into(),
        "Null".into(),
        "none".into(),
        "true".into(),
        "any".into(),
        "%2A".into(),
        "https://evil.example".into(),
        format!("{page}\u{e9}"),
        format!("x{page}"),
        format!("{page}@evil.example"),
    ];
    let several = [
        vec![own.clone(), own.clone()],
        vec![own.clone(), "*".into()],
        vec!["*".into(), "*".into()],
        vec!["*".into(), own.clone()],
        vec![String::new(), own.clone()],
        vec![own.clone(), String::new()],
        vec![String::new(), String::new()],
        vec!["null".into(), own],
        vec![String::new(), "*".into()],
    ];
    one.into_iter().map(|value| vec![value]).chain(several).collect()
}

/// Returns values of `Access-Control-Allow-Credentials`, each as a list of header lines.
fn allow_credentials() -> Vec<Vec<&'static str>> {
    let one = [
        "true",
        "True",
        "TRUE",
        "tRUE",
        "false",
        "",
        " ",
        "1",
        "yes",
        "null",
        "*",
        " true",
        "true ",
        "\ttrue\t",
        "true\u{b}",
        "true,",
        ",true",
        "true, true",
        "true,true",
        "\"true\"",
        "'true'",
        "true;",
        "true; x",
        "true false",
        "truetrue",
        "tru",
        "t",
        "?1",
        "true\u{a0}",
        "true\u{e9}",
        "TrUe",
        "on",
        "include",
    ];
    let several = [
        vec![],
        vec!["true", "true"],
        vec!["true", "false"],
        vec!["false", "true"],
        vec!["", "true"],
        vec!["true", ""],
        vec!["true", "True"],
    ];
    one.into_iter().map(|value| vec![value]).chain(several).collect()
}

/// Returns the origins of other pages, each with values of `Access-Control-Allow-Origin`.
fn other_pages(world: World) -> Vec<(String, Vec<String>)> {
    let port = world.page;
    let mut pages = Vec::new();
    for host in ["127.0.0.1", "[::1]", "app.localhost", "a.b.c.localhost", "xn--bcher-kva.localhost", "a_b.localhost"] {
        let origin = format!("http://{host}:{port}");
        let near = [
            origin.clone(),
            "*".into(),
            "null".into(),
            world.page_origin(),
            format!("http://{host}"),
            format!("{origin}/"),
            origin.to_uppercase(),
            format!(" {origin} "),
            format!("http://localhost:{port}"),
            format!("http://[0:0:0:0:0:0:0:1]:{port}"),
            format!("http://b\u{fc}cher.localhost:{port}"),
            format!("http://b\u{c3}\u{bc}cher.localhost:{port}"),
            format!("http://127.1:{port}"),
        ];
        pages.push((origin, near.to_vec()));
    }
    let opaque = [
        "null",
        "NULL",
        "Null",
        " null\t",
        "\"null\"",
        "null,",
        "null, null",
        "*",
        "",
        "undefined",
        "'null'",
        "null null",
        "nul",
        "about:srcdoc",
        "http://localhost",
        "opaque",
        "null;",
        "null\u{b}",
        "file://",
        "data:",
    ];
    pages.push(("null".to_owned(), opaque.map(str::to_owned).to_vec()));
    pages
}

/// Returns values of `Access-Control-Expose-Headers`, each as a list of header lines.
fn exposures() -> Vec<Vec<&'static str>> {
    let one = [
        "X-A",
        "x-a",
        "X-A, X-B",
        "X-A,X-B",
        "X-A ,\tX-B",
        "X-A,",
        ",X-A",
        ",,X-A,,",
        "",
        ",",
        "*",
        "*, X-A",
        "X-A, *",
        "**",
        "\"X-A\"",
        "'X-A'",
        "X-A X-B",
        "X-A; X-B",
        "X-A, @",
        "@",
        "X-A, X B",
        "X-A/1",
        "Set-Cookie",
        "X-A, Set-Cookie",
        "ETag",
        "ETAG, Date",
        "X-Long-Name",
        "X-Long",
        "X-Long-Names",
        "X-*",
        "X-A\u{e9}",
        "X-A\u{b}",
        "(X-A)",
        "X-A, \"X-B\"",
        "true",
        "x-a, X-A",
        "server,date,etag",
        "X-A=1",
        "X-A:",
        "!, X-A",
    ];
    let several = [
        vec![],
        vec!["X-A", "X-B"],
        vec!["", "X-B"],
        vec!["X-A", ""],
        vec!["X-A", "@"],
        vec!["@", "X-B"],
        vec!["*", "X-A"],
        vec!["X-A", "*"],
        vec!["X-A", "X-A"],
    ];
    one.into_iter().map(|value| vec![value]).chain(several).collect()
}

/// Returns response header names on the safelist and off it.
fn response_header_names() -> [&'static str; 41] {
    [
        "Cache-Control",
        "Content-Language",
        "Content-Length",
        "CONTENT-TYPE",
        "Expires",
        "Last-Modified",
        "Pragma",
        "cache-control",
        "PRAGMA",
        "Set-Cookie",
        "Set-Cookie2",
        "SET-COOKIE",
        "ETag",
        "Date",
        "Server",
        "Age",
        "Allow",
        "Accept-Ranges",
        "Content-Disposition",
        "Content-Location",
        "Content-Range",
        "Link",
        "Retry-After",
        "Vary",
        "Via",
        "Warning",
        "WWW-Authenticate",
        "X-Powered-By",
        "X-Request-Id",
        "Refresh",
        "Timing-Allow-Origin",
        "Server-Timing",
        "Cross-Origin-Resource-Policy",
        "Expire",
        "Expires-At",
        "Last-Modified-By",
        "Content-Types",
        "Access-Control-Max-Age",
        "Authorization",
        "X-A",
        "Strict-Transport-Security",
    ]
}
