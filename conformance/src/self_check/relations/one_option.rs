//! Checks that changing one option changes only the header of that option.

use cors_adapters::Middleware;
use cors_policy::{AllowList, Method, Policy};

use super::{
    answer::Answer,
    runs::{description, visits},
};
use crate::{case::Case, drive::VisitRun};

/// A change of one option of a policy.
struct Change {
    /// The description of the change.
    description: &'static str,
    /// The headers that may differ: the header of the option, and `Vary` if the response begins to depend on another request
    /// header.
    affects: &'static [&'static str],
    /// Makes the change. Returns `None` if the change would affect the meaning of another option.
    make: fn(&mut Policy) -> Option<()>,
}

/// The changes. None of them adds anything that a generated case requests, so the decision about a preflight stays the same.
const CHANGES: [Change; 6] = [
    Change {
        description: "max_age set or unset",
        affects: &["Access-Control-Max-Age"],
        make: |policy| {
            policy.max_age = if policy.max_age.is_none() { Some(600) } else { None };
            Some(())
        },
    },
    Change {
        description: "x-added exposed",
        affects: &["Access-Control-Expose-Headers"],
        make: |policy| add(&mut policy.exposed_headers, "x-added".parse().ok()?),
    },
    Change {
        description: "PURGE allowed",
        affects: &["Access-Control-Allow-Methods"],
        make: |policy| add(&mut policy.methods, Method::try_from("PURGE".to_owned()).ok()?),
    },
    Change {
        description: "x-added allowed",
        affects: &["Access-Control-Allow-Headers"],
        make: |policy| add(&mut policy.request_headers, "x-added".parse().ok()?),
    },
    Change {
        description: "credentials turned on or off",
        affects: &["Access-Control-Allow-Credentials"],
        make: |policy| {
            // A wildcard has another meaning with credentials.
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
        description: "private networks turned on or off",
        affects: &["Access-Control-Allow-Private-Network", "Vary"],
        make: |policy| {
            policy.private_network = !policy.private_network;
            Some(())
        },
    },
];

fn add<T>(list: &mut AllowList<T>, item: T) -> Option<()> {
    let AllowList::List(items) = list else { return None };
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

/// Describes the difference between the responses to equal requests. The requests of a browser may differ between the runs,
/// for example if it cached a preflight for a shorter time. Those are not compared.
fn differs(before: &VisitRun<'_>, after: &VisitRun<'_>, change: &Change) -> Option<String> {
    let pairs = before.exchanges.iter().zip(&after.exchanges);
    pairs.take_while(|(before, after)| before.request == after.request).find_map(|(before, after)| {
        let [one, other] = [before, after].map(|exchange| Answer::without(&exchange.observed, change.affects));
        let difference = Answer::difference(one.as_ref(), other.as_ref())?;
        Some(format!("{}, with {}: {difference}", description(&before.request), change.description))
    })
}
