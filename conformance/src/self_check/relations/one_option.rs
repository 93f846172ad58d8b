use cors_adapters::Middleware;
use cors_policy::{AllowList, Method, Policy};

use super::{Answer, told, visits};
use crate::{case::Case, drive::VisitRun};

/// A change of a policy's part.
struct Change {
    /// What is done.
    does: &'static str,
    /// The headers that may differ for it: its own, and `Vary` where an answer begins to depend on another request header.
    shows: &'static [&'static str],
    /// Makes it; nothing where it would change what another part means.
    make: fn(&mut Policy) -> Option<()>,
}

/// None adds what a case asks for, so that no answer to a preflight has a reason to change its mind.
const CHANGES: [Change; 6] = [
    Change {
        does: "the age turned on or off",
        shows: &["Access-Control-Max-Age"],
        make: |policy| {
            policy.max_age = if policy.max_age.is_none() { Some(600) } else { None };
            Some(())
        },
    },
    Change {
        does: "x-added exposed",
        shows: &["Access-Control-Expose-Headers"],
        make: |policy| add(&mut policy.exposed_headers, "x-added".parse().ok()?),
    },
    Change {
        does: "PURGE allowed",
        shows: &["Access-Control-Allow-Methods"],
        make: |policy| add(&mut policy.methods, Method::try_from("PURGE".to_owned()).ok()?),
    },
    Change {
        does: "x-added allowed",
        shows: &["Access-Control-Allow-Headers"],
        make: |policy| add(&mut policy.request_headers, "x-added".parse().ok()?),
    },
    Change {
        does: "credentials turned on or off",
        shows: &["Access-Control-Allow-Credentials"],
        make: |policy| {
            // Beside credentials a wildcard means something else.
            let Policy { origins, methods, request_headers, exposed_headers, .. } = policy;
            let is_listed = [
                matches!(origins, AllowList::List(_)),
                matches!(methods, AllowList::List(_)),
                matches!(request_headers, AllowList::List(_)),
                matches!(exposed_headers, AllowList::List(_)),
            ];
            policy.credentials = !policy.credentials;
            is_listed.into_iter().all(|is| is).then_some(())
        },
    },
    Change {
        does: "private networks turned on or off",
        shows: &["Access-Control-Allow-Private-Network", "Vary"],
        make: |policy| {
            policy.private_network = !policy.private_network;
            Some(())
        },
    },
];

fn add<T>(wish: &mut AllowList<T>, item: T) -> Option<()> {
    let AllowList::List(items) = wish else { return None };
    items.push(item);
    Some(())
}

pub(super) fn check(middleware: &dyn Middleware, case: &Case) -> Option<String> {
    let before = visits(middleware, case)?;
    CHANGES.iter().find_map(|change| {
        let mut changed = case.clone();
        (change.make)(&mut changed.policy)?;
        let after = visits(middleware, &changed)?;
        before.iter().zip(&after).find_map(|(before, after)| differs(before, after, change))
    })
}

/// How the answers to equal requests differ. A browser may ask other ones, as when it kept a preflight's answer for less
/// long; those say nothing.
fn differs(before: &VisitRun<'_>, after: &VisitRun<'_>, change: &Change) -> Option<String> {
    let pairs = before.exchanges.iter().zip(&after.exchanges);
    pairs.take_while(|(before, after)| before.request == after.request).find_map(|(before, after)| {
        let [one, other] = [before, after].map(|exchange| Answer::without(&exchange.observed, change.shows));
        let difference = Answer::difference(one.as_ref(), other.as_ref())?;
        Some(format!("{}, with {}: {difference}", told(&before.request), change.does))
    })
}
