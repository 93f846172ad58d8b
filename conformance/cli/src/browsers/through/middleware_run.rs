//! Runs the groups of cases through a middleware and compares each case with the model and with the policy.

use std::io;

use cors_adapters::{
    Middleware, NoServer,
    handler::Handler,
    listen,
    reference_server::ReferenceServer,
    registry,
    socket::{FRAMING_HEADERS, Listening},
};
use cors_conformance::{
    case::{Case, PageFetch, Visit},
    drive::{Run, VisitRun, drive_as},
    judge::Judgement,
    self_check::mutants::mutants,
};
use cors_policy::intent::Intent;
use cors_reference::agent::{Agent, STANDARD};

use super::{
    grants::{Mismatch, mismatches},
    groups::{Group, groups},
    result::{CaseResult, GroupOutcome, GroupResult},
};
use crate::{
    browsers::{
        browser_case::{Answers, BrowserCase},
        compare::{Comparison, ObservedVisit, modelled_visit},
        recording::Recording,
        session::Session,
    },
    select::{did_you_mean, usage_error},
};

/// Returns the middleware with this name.
///
/// # Errors
///
/// Returns an error if no middleware has the name, or the middleware cannot serve a socket.
pub(crate) fn middleware(name: &str) -> io::Result<&'static dyn Middleware> {
    let mut all: Vec<&'static dyn Middleware> = registry::middlewares().chain([&ReferenceServer as _]).collect();
    all.retain(|middleware| !matches!(listen(*middleware, None, &Handler::default()), Err(NoServer::NoSocket)));
    let names: Vec<&str> = all.iter().map(|middleware| middleware.describe().name).collect();
    all.extend(mutants().map(|mutant| mutant as &dyn Middleware));
    let named = all.iter().find(|middleware| middleware.describe().name == name);
    named.copied().ok_or_else(|| {
        let hint = did_you_mean(name, all.iter().map(|middleware| middleware.describe().name));
        let known = names.join(", ");
        usage_error(format!(
            "--through {name}: no middleware of this name can serve a socket; {hint}known are {known}, and the mutants"
        ))
    })
}

/// Runs the cases that `is_wanted` selects by id. Calls `progress` with the number of finished cases and of all cases.
///
/// # Errors
///
/// Returns an error if the browser or a server fails.
pub(crate) fn run(
    session: &Session<'_>,
    middleware: &dyn Middleware,
    is_wanted: impl Fn(&str) -> bool,
    progress: impl Fn(u64, usize),
) -> io::Result<Vec<GroupResult>> {
    let mut groups = groups(session.servers.world).map_err(io::Error::other)?;
    for group in &mut groups {
        group.cases.retain(|(id, _)| is_wanted(id));
    }
    groups.retain(|group| !group.cases.is_empty());
    // The servers listen until the browser has finished.
    let listening = groups.iter().map(|group| (group, listen(middleware, Some(&group.policy), &group.handler)));
    let listening: Vec<(&Group, Result<Listening, NoServer>)> = listening.collect();
    let mut cases = Vec::new();
    for (group, listen) in &listening {
        if let Ok(ready) = listen {
            let answers = Answers::Server(ready.address());
            cases.extend(group.cases.iter().map(|(id, case)| BrowserCase {
                id: id.clone(),
                fetches: fetches(case),
                answers: answers.clone(),
            }));
        }
    }
    let mut recordings = session.run(&cases, |done| progress(done, cases.len()))?;
    let results = listening.into_iter().map(|(group, listen)| {
        let outcome = match listen {
            Ok(_) => {
                let results = group.cases.iter().filter_map(|(id, case)| {
                    Some(compare(id, case, recordings.remove(id)?, middleware, session.agent))
                });
                GroupOutcome::Ran(results.collect::<io::Result<_>>()?)
            }
            Err(NoServer::Unsupported(reason)) => GroupOutcome::Unsupported(reason),
            Err(NoServer::Rejected(message)) => GroupOutcome::Rejected(message),
            Err(NoServer::NoSocket) => return Err(io::Error::other("the middleware cannot serve a socket")),
            Err(NoServer::Broken(error)) => return Err(error),
        };
        Ok(GroupResult { name: group.name, cases: group.cases.len(), outcome })
    });
    results.collect()
}

/// Returns the fetches of a case.
fn fetches(case: &Case) -> Vec<PageFetch> {
    let fetch = |visit: &Visit| match visit {
        Visit::Fetch(fetch) => Some(fetch.clone()),
        Visit::Raw(_) => None,
    };
    case.visits.iter().filter_map(fetch).collect()
}

/// Compares the recording of a case with the model and with the policy.
fn compare(
    id: &str,
    case: &Case,
    mut recording: Recording,
    middleware: &dyn Middleware,
    agent: Agent,
) -> io::Result<CaseResult> {
    for names in recording.observed.iter_mut().filter_map(|observation| observation.readable.as_mut()) {
        names.retain(|name| !FRAMING_HEADERS.contains(&name.as_str()));
    }
    let drive = |agent| {
        drive_as(middleware, case, agent).map_err(|not_run| {
            io::Error::other(format!("{id}: the middleware serves a socket, but not in this process: {not_run}"))
        })
    };
    let (standard, modelled) = (drive(STANDARD)?, drive(agent)?);
    let (by_standard, by_agent) = (judgements(&standard), judgements(&modelled));
    let comparison = Comparison::new(id, &by_standard, &by_agent, &recording);
    let against_policy = |observed: &[ObservedVisit]| -> Vec<Mismatch> {
        let fetched = standard.visits.iter().filter_map(|visit| visit.fetched.as_ref());
        fetched.zip(observed).flat_map(|(fetched, observed)| mismatches(case, fetched, observed)).collect()
    };
    let modelled =
        |judgements: &[Judgement]| against_policy(&judgements.iter().map(modelled_visit).collect::<Vec<_>>());
    let (of_standard, of_agent) = (modelled(&by_standard), modelled(&by_agent));
    let is_deviation = |mismatch: &Mismatch| of_agent.contains(mismatch) && !of_standard.contains(mismatch);
    let (by_deviation, mismatches): (Vec<_>, _) =
        against_policy(&comparison.browser).into_iter().partition(is_deviation);
    let mut deviations = Vec::new();
    for row in agent.table.iter().filter(|_| !by_deviation.is_empty()) {
        if modelled(&judgements(&drive(agent.without(row.deviation))?)) != of_agent {
            deviations.push(row.deviation);
        }
    }
    let mut fetched = standard.visits.iter().flat_map(|visit| &visit.fetched);
    let is_unspecified = fetched.all(|fetched| matches!(fetched.intent, Intent::Unspecified(_)));
    Ok(CaseResult { case: case.clone(), comparison, mismatches, by_deviation, deviations, is_unspecified })
}

/// Returns the judgement of each fetch of a run, as `judge` would give it for a script.
fn judgements(run: &Run<'_>) -> Vec<Judgement> {
    let judgement = |visit: &VisitRun<'_>| {
        let sent = visit.exchanges.iter().filter_map(|exchange| Some((exchange.kind?, exchange.request.clone())));
        Some(Judgement::new(&visit.fetched.as_ref()?.outcome, &sent.collect::<Vec<_>>()))
    };
    run.visits.iter().filter_map(judgement).collect()
}
