//! Mutants that get Private Network Access wrong.

use super::{Mutant, set};
use crate::rules::private_network;

const ALLOWS: &str = "Access-Control-Allow-Private-Network";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "private-network-by-default",
        wrong: "Lets every permitted page into the private network.",
        rule: &private_network::OVER_GRANT,
        source: "https://nvd.nist.gov/vuln/detail/CVE-2024-6221",
        serve: |served, request| {
            let mut response = served.serve(request);
            let is_permitted = response.headers.contains("Access-Control-Allow-Origin");
            if is_permitted && request.headers.contains("Access-Control-Request-Private-Network") {
                set(&mut response, ALLOWS, "true");
            }
            response
        },
    },
    Mutant {
        id: "no-private-network",
        wrong: "Never answers that it may be reached from a public network.",
        rule: &private_network::UNDER_GRANT,
        source: "https://wicg.github.io/private-network-access/#cors-preflight",
        serve: |served, request| {
            let mut response = served.serve(request);
            response.headers.delete(ALLOWS);
            response
        },
    },
];
