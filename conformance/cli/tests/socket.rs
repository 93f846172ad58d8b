//! A middleware answers over a socket as it does in this process.

use std::{
    io::{Read, Write},
    net::{SocketAddr, TcpStream},
    time::Duration,
};

use cors_adapters::{
    Failure, Middleware, NoServer, build,
    handler::{Failing, Handler, Route},
    listen, observe,
    reference_server::ReferenceServer,
    registry::middlewares,
    socket::{FRAMING_HEADERS, Listening},
};
use cors_conformance::self_check::mutants::mutants;
use cors_policy::Policy;
use cors_reference::{header_list::HeaderList, request::WireRequest};
use serde_json::json;

/// The status, sorted headers and body; `None` if the connection ends without a response.
type Answer = Option<(u16, Vec<(String, String)>, String)>;

/// Sends a request to a server and reads the response.
fn send(address: SocketAddr, request: &WireRequest) -> Answer {
    let mut stream = TcpStream::connect(address).unwrap();
    stream.set_read_timeout(Some(Duration::from_secs(10))).unwrap();
    let body = request.body.clone().unwrap_or_default();
    let mut head = format!("{} {} HTTP/1.1\r\nHost: {address}\r\n", request.method, request.url.path());
    for (name, value) in request.headers.iter() {
        head += &format!("{}: {}\r\n", name.as_str(), String::from_utf8_lossy(value.as_bytes()));
    }
    head += &format!("Content-Length: {}\r\nConnection: close\r\n\r\n", body.len());
    stream.write_all(&[head.as_bytes(), &body].concat()).unwrap();
    let mut answer = String::new();
    stream.read_to_string(&mut answer).unwrap();
    let (head, body) = answer.split_once("\r\n\r\n")?;
    let mut lines = head.lines();
    let status = lines.next()?.split(' ').nth(1)?.parse().ok()?;
    let headers = lines.filter_map(|line| line.split_once(':'));
    Some((status, normalized(headers.map(|(name, value)| (name.to_owned(), value.trim().to_owned()))), body.to_owned()))
}

/// Returns headers in lower case, sorted, without those that frame the message.
fn normalized(headers: impl Iterator<Item = (String, String)>) -> Vec<(String, String)> {
    let lower = headers.map(|(name, value)| (name.to_ascii_lowercase(), members(value)));
    let mut headers: Vec<_> = lower.filter(|(name, _)| !FRAMING_HEADERS.contains(&name.as_str())).collect();
    headers.sort();
    headers
}

/// Sorts the members of a list, because some middlewares keep them in hash sets.
fn members(value: String) -> String {
    let mut members: Vec<&str> = value.split(',').map(str::trim).collect();
    members.sort_unstable();
    members.join(", ")
}

/// Returns the middlewares that can serve a socket.
fn with_sockets() -> impl Iterator<Item = &'static dyn Middleware> {
    let has = |middleware: &&dyn Middleware| {
        !matches!(listen(*middleware, None, &Handler::default()), Err(NoServer::NoSocket))
    };
    middlewares().filter(has)
}

fn policies() -> Vec<Option<Policy>> {
    let policies = [
        json!({"origins": "any"}),
        json!({"origins": "mirror", "request_headers": "mirror", "max_age": 600}),
        json!({"origins": ["http://a.example"], "credentials": true, "methods": ["PUT"], "request_headers": ["x-a"]}),
        json!({"origins": ["http://*.example:*", "null"], "exposed_headers": ["x-b"], "private_network": true}),
        json!({"origins": []}),
    ];
    [None].into_iter().chain(policies.map(|policy| Some(serde_json::from_value(policy).unwrap()))).collect()
}

fn handlers() -> [Handler; 8] {
    let headers: HeaderList = serde_json::from_value(json!([["Vary", "Accept"], ["X-B", "b"], ["X-B", "c"]])).unwrap();
    [
        Handler { headers, ..Handler::default() },
        Handler { status: 204, body: String::new(), ..Handler::default() },
        Handler { status: 500, ..Handler::default() },
        Handler { fail: Some(Failing::Panic), ..Handler::default() },
        Handler { fail: Some(Failing::Error), status: 418, ..Handler::default() },
        Handler { fail: Some(Failing::InnerMiddleware), ..Handler::default() },
        Handler { route: Route::GetOnly, ..Handler::default() },
        Handler {
            route: Route::Missing,
            outer_headers: serde_json::from_value(json!([["Vary", "Accept-Language"]])).unwrap(),
            ..Handler::default()
        },
    ]
}

fn requests(address: SocketAddr) -> Vec<WireRequest> {
    let request = |method: &str, headers: serde_json::Value, body: &str| WireRequest {
        method: method.to_owned(),
        url: format!("http://{address}/a").parse().unwrap(),
        headers: serde_json::from_value(headers).unwrap(),
        body: Some(body.into()),
    };
    let asks = |origin: &str, method: &str, names: &str| {
        let headers = [
            ["Origin", origin],
            ["Access-Control-Request-Method", method],
            ["Access-Control-Request-Headers", names],
            ["Access-Control-Request-Private-Network", "true"],
        ];
        request("OPTIONS", json!(headers), "")
    };
    vec![
        request("GET", json!([]), ""),
        request("GET", json!([["Origin", "http://a.example"]]), ""),
        request("GET", json!([["Origin", "null"]]), ""),
        request("GET", json!([["Origin", "http://evil.test"]]), ""),
        request("PUT", json!([["Origin", "http://a.example"], ["X-A", "1"]]), "text"),
        request("OPTIONS", json!([["Origin", "http://a.example"]]), ""),
        asks("http://a.example", "PUT", "x-a"),
        asks("http://a.example", "DELETE", "authorization,x-a"),
        asks("http://evil.test", "PUT", "x-a"),
        asks("null", "PATCH", "content-type"),
    ]
}

/// Starts a server, and checks that both modes refuse the same policies.
fn started(middleware: &dyn Middleware, policy: Option<&Policy>, handler: &Handler) -> Option<Listening> {
    match (build(middleware, policy, handler), listen(middleware, policy, handler)) {
        (Ok(_), Ok(listening)) => return Some(listening),
        (Err(NoServer::Unsupported(one)), Err(NoServer::Unsupported(other))) => assert_eq!(one, other),
        (Err(NoServer::Rejected(one)), Err(NoServer::Rejected(other))) => assert_eq!(one, other),
        _ => panic!("{}: the two modes differ on {policy:?}", middleware.describe().name),
    }
    None
}

#[test]
fn both_modes_give_the_same_responses() {
    let all = with_sockets().chain([&ReferenceServer as &dyn Middleware]);
    let mut compared = 0;
    for middleware in all.chain(mutants().take(3).map(|mutant| mutant as _)) {
        for policy in &policies() {
            for handler in &handlers() {
                // A variant differs from its middleware only in the configuration.
                if middleware.describe().name.contains(':') && *handler != handlers()[0] {
                    continue;
                }
                let Some(listening) = started(middleware, policy.as_ref(), handler) else { continue };
                let Ok(mut server) = build(middleware, policy.as_ref(), handler) else { panic!() };
                for request in requests(listening.address()) {
                    let observation = observe(server.as_mut(), &request);
                    let expected = match observation.result {
                        Ok(response) => {
                            let headers = response.headers.iter().map(|(name, value)| {
                                (name.as_str().to_owned(), String::from_utf8_lossy(value.as_bytes()).into_owned())
                            });
                            // A server sends no body with these statuses.
                            let body =
                                if [204, 304].contains(&response.status) { Vec::new() } else { response.body.clone() };
                            Some((response.status, normalized(headers), String::from_utf8(body).unwrap()))
                        }
                        // A handler that panics ends the connection.
                        Err(Failure::Panicked(_)) => None,
                        Err(failure) => panic!("{failure:?}"),
                    };
                    let what = format!("{}: {policy:?} {handler:?} {request:?}", middleware.describe().name);
                    assert_eq!(send(listening.address(), &request), expected, "{what}");
                    assert_eq!(listening.take_handler_calls(), observation.handler_calls, "{what}");
                    compared += 1;
                }
            }
        }
    }
    assert!(compared >= 500, "{compared}");
}

#[test]
fn both_modes_refuse_the_same_policies() {
    let wildcard_and_credentials =
        serde_json::from_value(json!({"origins": "any", "methods": "any", "credentials": true})).unwrap();
    let started = |middleware: &&dyn Middleware| {
        started(*middleware, Some(&wildcard_and_credentials), &Handler::default()).is_none()
    };
    assert!(with_sockets().filter(started).count() >= 2);
}

#[test]
fn a_dropped_server_closes_its_port_and_ends_its_threads() {
    let threads = || std::fs::read_dir("/proc/self/task").map_or(0, Iterator::count);
    for middleware in with_sockets().chain([&ReferenceServer as &dyn Middleware]) {
        let address = {
            let listening = started(middleware, None, &Handler::default()).unwrap();
            TcpStream::connect(listening.address()).unwrap();
            listening.address()
        };
        // Some frameworks accept on a thread that ends a moment later.
        let is_closed = || TcpStream::connect(address).is_err();
        let closes = (0..100).any(|_| {
            is_closed() || {
                std::thread::sleep(Duration::from_millis(20));
                false
            }
        });
        assert!(closes, "{}", middleware.describe().name);
    }
    // Other tests of this process have fewer threads than 20 servers of each middleware would leave.
    for _ in 0..20 {
        for middleware in with_sockets() {
            drop(started(middleware, None, &Handler::default()).unwrap());
        }
    }
    std::thread::sleep(Duration::from_millis(200));
    assert!(threads() < 20, "{} threads", threads());
}
