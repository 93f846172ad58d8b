//! Mutants that get Private Network Access wrong.

use super::mutant::Mutant;
use crate::{rules::private_network, self_check::response_edits::set};

const ALLOWS: &str = "Access-Control-Allow-Private-Network";

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "private-network-by-default",
        wrong: "Grants every permitted page access to the private network.",
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
        wrong: "Never sends Access-Control-Allow-Private-Network.",
        rule: &private_network::UNDER_GRANT,
        source: "https://wicg.github.io/private-network-access/#cors-preflight",
        serve: |served, request| {
            let mut response = served.serve(request);
            response.headers.delete(ALLOWS);
            response
        },
    },
];
