//! Random cases from a fixed seed.

use cors_reference::request::{CredentialsMode, Mode, RedirectMode};

use super::{
    collection::Cases,
    visit_builder::{ACAC, ACAH, ACAM, ACAO, ACEH, Place, VisitBuilder},
    world::World,
};

/// The number of cases of each kind.
const CASES: usize = 400;

/// A random number generator (xorshift64). The same seed gives the same cases on every machine.
pub(super) struct Random(pub(super) u64);

impl Random {
    fn next(&mut self) -> u64 {
        self.0 ^= self.0 << 13;
        self.0 ^= self.0 >> 7;
        self.0 ^= self.0 << 17;
        self.0
    }

    /// Picks one of the values.
    pub(super) fn pick<T: Copy>(&mut self, from: &[T]) -> T {
        from[usize::try_from(self.next() % from.len() as u64).unwrap_or(0)]
    }

    /// Returns true once in `n` times.
    pub(super) fn is_one_in(&mut self, n: u64) -> bool {
        self.next().is_multiple_of(n)
    }
}

pub(super) fn add(cases: &mut Cases) {
    let world = cases.world();
    let mut random = Random(0x2545_F491_4F6C_DD1D);
    for _ in 0..CASES {
        cases.push("random", single(world, &mut random));
    }
    for _ in 0..CASES {
        cases.push("random_redirect", chain(world, &mut random));
    }
}

/// Builds a fetch with up to three redirects between three servers, which permit some of it.
fn chain(world: World, random: &mut Random) -> VisitBuilder {
    let page = world.page_origin();
    let places = [Place::Own, Place::Target, Place::Third];
    let method = random.pick(&["GET", "GET", "POST", "PUT", "DELETE", "HEAD"]);
    let mut visit = VisitBuilder::new(world).to(random.pick(&places)).method(method);
    visit = visit.credentials(random.pick(&[CredentialsMode::Omit, CredentialsMode::Include]));
    visit = visit.mode(random.pick(&[Mode::Cors, Mode::Cors, Mode::Cors, Mode::Cors, Mode::NoCors, Mode::SameOrigin]));
    match random.pick(&["", "", "X-A", "Authorization", "Accept", "Content-Type"]) {
        "" => {}
        "Accept" => visit = visit.header("Accept", "a(b"),
        "Content-Type" => visit = visit.header("Content-Type", "application/json"),
        name => visit = visit.header(name, "1"),
    }
    if matches!(method, "POST" | "PUT") && random.is_one_in(2) {
        visit = visit.body("x");
    }
    let share = |random: &mut Random| {
        vec![(ACAO, random.pick(&[page.as_str(), page.as_str(), "null", "*"]).to_owned()), (ACAC, "true".to_owned())]
    };
    let grant = |random: &mut Random| {
        let names = ["x-a, authorization, accept, content-type", "x-a, accept", "*", "authorization, content-type"];
        let methods = ["PUT, DELETE", "PUT, DELETE", "*", "GET"];
        [share(random), vec![(ACAM, random.pick(&methods).to_owned()), (ACAH, random.pick(&names).to_owned())]].concat()
    };
    visit = visit.preflight(200, &grant(random));
    let count = random.pick(&[1, 1, 2, 3]);
    let redirect = |random: &mut Random, hop: usize| {
        let place = random.pick(&["{own}", "{target}", "{third}"]);
        let status = random.pick(&[301, 302, 303, 307, 307, 308]);
        (status, [share(random), vec![("Location", format!("{place}/c/{{id}}/{hop}"))]].concat())
    };
    let (status, headers) = redirect(random, 1);
    visit = visit.answer(status, &headers);
    for hop in 2..=count {
        let (grants, (status, headers)) = (grant(random), redirect(random, hop));
        visit = visit.hop(&grants, status, &headers);
    }
    let grants = grant(random);
    visit.hop(&grants, 200, &share(random))
}

/// Builds a fetch with at most one redirect.
fn single(world: World, random: &mut Random) -> VisitBuilder {
    let port = world.page;
    let page = random.pick(&["localhost", "localhost", "127.0.0.1", "app.localhost"]);
    let page = format!("http://{page}:{port}");
    let credentials = random.pick(&[CredentialsMode::Omit, CredentialsMode::SameOrigin, CredentialsMode::Include]);
    let redirect =
        random.pick(&[RedirectMode::Follow, RedirectMode::Follow, RedirectMode::Error, RedirectMode::Manual]);
    let method = random.pick(&["GET", "GET", "POST", "HEAD", "PUT", "patch", "PATCH", "DELETE", "CHICKEN"]);
    let mut visit = VisitBuilder::new(world).page(&page).credentials(credentials).redirect(redirect).method(method);
    let headers = [
        ("X-A", "1"),
        ("X-B", "2"),
        ("Authorization", "t"),
        ("Accept", "a/b"),
        ("Accept", "a(b"),
        ("Accept-Language", "en_GB"),
        ("Content-Language", "en"),
        ("Range", "bytes=0-"),
        ("Range", "bytes=-5"),
        ("Cache-Control", "no-cache"),
        ("If-None-Match", "\"x\""),
        ("X-HTTP-Method-Override", "TRACE"),
        ("Cookie", "a=b"),
    ];
    for _ in 0..random.pick(&[0, 0, 1, 1, 2, 3]) {
        let (name, value) = random.pick(&headers);
        visit = visit.header(name, value);
    }
    if !matches!(method, "GET" | "HEAD") && random.is_one_in(2) {
        visit =
            visit.header("Content-Type", random.pick(&["text/plain", "application/json", "text/plain;x"])).body("x");
    }
    let share = |random: &mut Random| {
        let origins = [page.as_str(), page.as_str(), page.as_str(), "*", "null", "http://localhost"];
        let mut headers = vec![(ACAO, random.pick(&origins))];
        if random.is_one_in(20) {
            headers.clear();
        }
        if !random.is_one_in(3) {
            headers.push((ACAC, random.pick(&["true", "true", "true", "True", "false"])));
        }
        headers
    };
    let mut preflight = share(random);
    preflight.push((
        ACAM,
        random.pick(&["*", "PUT, PATCH, DELETE, CHICKEN, patch", "PUT,DELETE", "GET", "PUT, @", "patch, PATCH"]),
    ));
    preflight.push((ACAH, random.pick(&[
        "*", "*, Authorization", "x-a, x-b, authorization, accept, accept-language, range, cache-control, if-none-match, content-type, x-http-method-override",
        "X-A,X-B", "content-type", "x-a x-b", "Authorization, X-A, X-B, Range",
    ])));
    let status = random.pick(&[200, 200, 200, 204, 201, 301, 404, 500]);
    visit = visit.preflight(status, &preflight);
    let mut answer = share(random);
    answer.push((ACEH, random.pick(&["*", "X-A", "X-A, ETag", "X-A,@", "Set-Cookie, X-B", ""])));
    answer.extend([
        ("X-A", "a"),
        ("X-B", "b"),
        ("ETag", "\"e\""),
        ("Set-Cookie", "r=1; Path=/nowhere"),
        ("Pragma", "p"),
    ]);
    let status = random.pick(&[200, 200, 200, 201, 404, 500, 302]);
    if status == 302 {
        answer
            .push(("Location", random.pick(&["/c/{id}/1", "{target}/c/{id}/1", "{third}/c/{id}/1", "{own}/c/{id}/1"])));
    }
    let (preflight, last) = (share(random), share(random));
    visit.answer(status, &answer).hop(&preflight, 200, &last)
}
