//! rocket_cors 0.6.0, src/fairing.rs and src/lib.rs.

use rocket::{
    Config,
    config::LogLevel,
    http::{Header, Method, Status},
    local::blocking::{Client, LocalRequest},
    options, post, routes,
};
use rocket_cors::{AllowedOrigins, CorsOptions};

#[options("/")]
fn refuse() -> Status {
    Status::Unauthorized
}

#[post("/")]
fn form() -> &'static str {
    "received"
}

fn client(allowed_origins: AllowedOrigins) -> Client {
    let cors = CorsOptions { allowed_origins, ..CorsOptions::default() }.to_cors().unwrap();
    let config = Config { log_level: LogLevel::Off, ..Config::debug_default() };
    Client::untracked(rocket::custom(config).mount("/", routes![refuse, form]).attach(cors)).unwrap()
}

fn app() -> AllowedOrigins {
    AllowedOrigins::some_exact(&["https://app.example"])
}

fn from<'c>(client: &'c Client, method: Method, origin: &'static str) -> LocalRequest<'c> {
    client.req(method, "/").header(Header::new("Origin", origin))
}

/// Expected: the fairing answers the preflight. Here the application's own OPTIONS route decides its status.
#[test]
fn the_applications_options_route_decides_a_preflight() {
    let client = client(app());
    let asks = Header::new("Access-Control-Request-Method", "PUT");
    assert_eq!(
        from(&client, Method::Options, "https://app.example").header(asks).dispatch().status(),
        Status::Unauthorized
    );
}

/// Expected: the application answers, because a request without Access-Control-Request-Method is not a preflight.
#[test]
fn an_options_that_is_no_preflight_is_refused() {
    let client = client(app());
    assert_eq!(from(&client, Method::Options, "https://app.example").dispatch().status(), Status::BadRequest);
}

/// Expected: an answer. A browser sends `Origin` with every POST, also to the page's own origin.
#[test]
fn a_post_of_the_own_origin_is_refused() {
    let client = client(app());
    let request = from(&client, Method::Post, "https://api.example").header(Header::new("Host", "api.example"));
    assert_eq!(request.dispatch().status(), Status::Forbidden);
}

/// Expected: a client error, because the request is invalid and the server has not failed.
#[test]
fn an_origin_that_is_no_url_is_answered_500() {
    let client = client(AllowedOrigins::all());
    assert_eq!(from(&client, Method::Post, "not an origin").dispatch().status(), Status::InternalServerError);
}

/// Expected: `Vary: Origin`, because the answer depends on the origin.
#[test]
fn an_answer_by_a_list_does_not_vary_by_origin() {
    let client = client(AllowedOrigins::some_exact(&["https://app.example", "https://admin.example"]));
    let response = from(&client, Method::Post, "https://app.example").dispatch();
    assert_eq!(response.headers().get_one("Access-Control-Allow-Origin"), Some("https://app.example"));
    assert_eq!(response.headers().get_one("Vary"), None);
}

/// Expected: `Vary: Origin`. Without it, a cache reuses the answer to an image request for a `fetch()`.
#[test]
fn an_answer_without_an_origin_does_not_vary() {
    let client = client(AllowedOrigins::all());
    assert_eq!(client.post("/").dispatch().headers().get_one("Vary"), None);
    let response = from(&client, Method::Post, "https://app.example").dispatch();
    assert_eq!(response.headers().get_one("Vary"), Some("Origin"));
}
