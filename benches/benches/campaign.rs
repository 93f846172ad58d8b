//! The overhead of a campaign. One measurement runs the generated cases of a middleware with the model, the rules and the
//! statistics. The other only builds the same servers and sends the same requests. Both take turns in one run, and the
//! minimum of the turns counts.

use std::{
    env,
    time::{Duration, Instant},
};

use cors_adapters::{Middleware, NoServer, build, observe, registry::middlewares};
use cors_conformance::{
    case::Case,
    drive::drive,
    search::campaign::{Batch, CaseRunner},
};
use cors_reference::request::WireRequest;

const SEED: u64 = 1;

/// The requests of one case.
struct Sent {
    case: Case,
    /// The requests to the server and to its control.
    to_both: Vec<WireRequest>,
    /// The further requests to the server.
    to_server: Vec<WireRequest>,
    /// The request to a new server.
    to_new: Option<WireRequest>,
}

impl Sent {
    fn of(middleware: &dyn Middleware, case: Case) -> Option<Self> {
        let Ok(run) = drive(middleware, &case) else { return None };
        let exchanges = run.visits.iter().flat_map(|visit| &visit.exchanges);
        let to_both: Vec<WireRequest> = exchanges.map(|exchange| exchange.request.clone()).collect();
        let to_new = run.fresh.is_some().then(|| to_both.last().cloned()).flatten();
        let to_server = run.visitors.iter().map(|visitor| visitor.request.clone()).collect();
        Some(Self { to_both, to_server, to_new, case })
    }

    fn send(&self, middleware: &dyn Middleware) -> Result<u32, NoServer> {
        let mut calls = 0;
        let mut server = build(middleware, Some(&self.case.policy), &self.case.handler)?;
        let mut control = build(middleware, None, &self.case.handler)?;
        for request in &self.to_both {
            calls += observe(server.as_mut(), request).handler_calls;
            calls += observe(control.as_mut(), request).handler_calls;
        }
        for request in &self.to_server {
            calls += observe(server.as_mut(), request).handler_calls;
        }
        if let Some(request) = &self.to_new {
            let mut new = build(middleware, Some(&self.case.policy), &self.case.handler)?;
            calls += observe(new.as_mut(), request).handler_calls;
        }
        Ok(calls)
    }
}

fn timed(work: impl FnOnce()) -> Duration {
    let begun = Instant::now();
    work();
    begun.elapsed()
}

fn main() {
    // `cargo test` only checks that the benchmark works.
    let is_test = !env::args().any(|argument| argument == "--bench");
    let (cases, turns) = if is_test { (5, 1) } else { (400, 5) };
    println!("{:28} {:>10} {:>12} {:>12} {:>10}", "middleware", "cases/s", "sending µs", "harness µs", "ratio");
    let mut cheapest: Option<(f64, f64, &str)> = None;
    for middleware in middlewares() {
        let generator = CaseRunner::new(middleware, SEED, [], None);
        let sent: Vec<(u64, Sent)> =
            (0..cases).filter_map(|number| Some((number, Sent::of(middleware, generator.case(number)?)?))).collect();
        let (mut sending, mut whole) = (Duration::MAX, Duration::MAX);
        let mut runner = CaseRunner::new(middleware, SEED, [], None);
        // The first round reports the new divergences, which is not part of the steady cost.
        let all = |runner: &mut CaseRunner<'_>| {
            let mut batch = Batch::default();
            sent.iter().for_each(|(number, _)| drop(runner.run(*number, &mut batch)));
        };
        all(&mut runner);
        for _ in 0..turns {
            sending = sending.min(timed(|| sent.iter().for_each(|(_, sent)| drop(sent.send(middleware)))));
            whole = whole.min(timed(|| all(&mut runner)));
        }
        let each = |time: Duration| time.as_secs_f64() * 1e6 / sent.len().max(1) as f64;
        let harness = whole.saturating_sub(sending);
        let ratio = harness.as_secs_f64() / sending.as_secs_f64();
        let name = middleware.describe().name;
        println!("{name:28} {:>10.0} {:>12.1} {:>12.1} {ratio:>10.2}", 1e6 / each(whole), each(sending), each(harness));
        // The rows run different numbers of cases.
        if cheapest.is_none_or(|(least, ..)| each(sending) < least) {
            cheapest = Some((each(sending), ratio, name));
        }
    }
    if let Some((_, ratio, name)) = cheapest {
        println!("\nThe cheapest is {name}. Its harness costs {ratio:.2} times as much as sending its requests.");
    }
}
