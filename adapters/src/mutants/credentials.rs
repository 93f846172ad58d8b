//! Mutants that get credentials wrong.

use super::{Mutant, set};

pub(super) const MUTANTS: &[Mutant] = &[
    Mutant {
        id: "always-credentials",
        wrong: "Allows credentials where the policy wants none.",
        rule: "over-grant/credentials",
        source: "https://fetch.spec.whatwg.org/#cors-protocol-and-credentials",
        serve: |served, request| {
            let mut response = served.serve(request);
            set(&mut response, "Access-Control-Allow-Credentials", "true");
            response
        },
    },
    Mutant {
        id: "credentials-in-capitals",
        wrong: "Spells Access-Control-Allow-Credentials `True`, which no browser takes.",
        rule: "under-grant/credentials",
        source: "https://fetch.spec.whatwg.org/#http-new-header-syntax",
        serve: |served, request| {
            let mut response = served.serve(request);
            if response.headers.contains("Access-Control-Allow-Credentials") {
                set(&mut response, "Access-Control-Allow-Credentials", "True");
            }
            response
        },
    },
];
