//! The steps of the standards that a verdict can name, and the pinned commits that they are quoted from.
//!
//! Editions of a standard number their steps differently, so each number belongs to a commit, such as [`FETCH_COMMIT`].
//! The tests in `tests/spec` compare each step with the text of that commit.

use std::fmt;

/// The commit of `whatwg/fetch` from which step numbers and quotations are taken.
pub const FETCH_COMMIT: &str = "586cd2a44c2a865b37c166dc0740f3fb8bb220d6";

/// A standard from which steps are taken.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Source {
    /// The address of the standard.
    pub url: &'static str,
    /// The commit of the standard's repository from which step numbers and quotations are taken.
    pub commit: &'static str,
}

/// The [Fetch standard](https://fetch.spec.whatwg.org/), `whatwg/fetch`.
pub static FETCH: Source = Source { url: "https://fetch.spec.whatwg.org/", commit: FETCH_COMMIT };

/// [Private Network Access](https://wicg.github.io/private-network-access/), `WICG/private-network-access`.
pub static PRIVATE_NETWORK_ACCESS: Source = Source {
    url: "https://wicg.github.io/private-network-access/",
    commit: "7be5a645c5c96f4aa4ac4e87cbf6e5ac6b10abec",
};

/// [Local Network Access](https://wicg.github.io/local-network-access/), `WICG/local-network-access`.
pub static LOCAL_NETWORK_ACCESS: Source =
    Source { url: "https://wicg.github.io/local-network-access/", commit: "cfe0313d5664c93f698942a752124e0ef5d88d2b" };

/// A numbered step of a standard.
#[derive(Debug, PartialEq, Eq, Hash)]
pub struct Step {
    /// The standard that contains the step.
    pub source: &'static Source,
    /// The id of the section's heading, such as `cors-check`.
    pub section: &'static str,
    /// The number of the step within the algorithm. Nested numbers are joined by dots, such as `7.5`.
    pub number: &'static str,
    /// The id of the algorithm's definition, such as `concept-cors-check`.
    pub anchor: &'static str,
    /// The beginning of the step's text.
    pub text: &'static str,
}

impl Step {
    /// Returns the id of the section and the number of the step, such as `cors-check/4`.
    pub fn reason(&self) -> String {
        self.to_string()
    }

    /// Returns the address of the algorithm in the living standard.
    pub fn url(&self) -> String {
        format!("{}#{}", self.source.url, self.anchor)
    }
}

impl fmt::Display for Step {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(f, "{}/{}", self.section, self.number)
    }
}

macro_rules! steps {
    ($($source:ident $section:literal @ $anchor:literal { $($name:ident = $number:literal, $text:literal;)* })*) => {
        $($(
            #[doc = concat!("`", $section, "/", $number, "`: ", $text)]
            pub static $name: Step = Step { source: &$source, section: $section, number: $number, anchor: $anchor, text: $text };
        )*)*
        /// Every step that a verdict can name.
        pub static STEPS: &[&Step] = &[$($(&$name),*),*];
    };
}

steps! {
    FETCH "cors-check" @ "concept-cors-check" {
        CORS_CHECK_2 = "2", "If origin is null, then return failure.";
        CORS_CHECK_3 = "3", "If request's credentials mode is not \"include\" and origin is `*`, then return success.";
        CORS_CHECK_4 = "4", "If the result of byte-serializing a request origin with request is not origin, then return failure.";
        CORS_CHECK_5 = "5", "If request's credentials mode is not \"include\", then return success.";
        CORS_CHECK_7 = "7", "If credentials is `true`, then return success.";
        CORS_CHECK_8 = "8", "Return failure.";
    }
    FETCH "cors-preflight-fetch" @ "cors-preflight-fetch-0" {
        PREFLIGHT_7_3 = "7.3", "If either methods or headerNames is failure, return a network error.";
        PREFLIGHT_7_5 = "7.5", "If request's method is not in methods, request's method is not a CORS-safelisted method, and request's credentials mode is \"include\" or methods does not contain `*`, then return a network error.";
        PREFLIGHT_7_6 = "7.6", "If one of request's header list's names is a CORS non-wildcard request-header name and is not a byte-case-insensitive match for an item in headerNames, then return a network error.";
        PREFLIGHT_7_7 = "7.7", "For each unsafeName of the CORS-unsafe request-header names with request's header list, if unsafeName is not a byte-case-insensitive match for an item in headerNames and request's credentials mode is \"include\" or headerNames does not contain `*`, return a network error.";
        PREFLIGHT_8 = "8", "Otherwise, return a network error.";
    }
    FETCH "main-fetch" @ "concept-main-fetch" {
        MAIN_FETCH_7 = "7", "If should request be blocked due to a bad port,";
        MAIN_FETCH_12 = "12", "If response is null, then set response to the result of running the steps corresponding to the first matching statement:";
    }
    FETCH "http-fetch" @ "concept-http-fetch" {
        HTTP_FETCH_6_3 = "6.3", "Switch on request's redirect mode:";
    }
    FETCH "http-network-fetch" @ "concept-http-network-fetch" {
        HTTP_NETWORK_FETCH_8_5 = "8.5", "Set response to the result of making an HTTP request over connection using request with the following caveats:";
    }
    FETCH "http-redirect-fetch" @ "concept-http-redirect-fetch" {
        REDIRECT_5 = "5", "If locationURL is failure, then return a network error.";
        REDIRECT_6 = "6", "If locationURL's scheme is not an HTTP(S) scheme, then return a network error.";
        REDIRECT_7 = "7", "If request's redirect count is 20, then return a network error.";
        REDIRECT_9 = "9", "If request's mode is \"cors\", locationURL includes credentials, and request's origin is not same origin with locationURL's origin, then return a network error.";
        REDIRECT_10 = "10", "If request's response tainting is \"cors\" and locationURL includes credentials, then return a network error.";
    }
    FETCH "headers-class" @ "headers-validate" {
        HEADERS_VALIDATE_1 = "1", "If name is not a header name or value is not a header value, then throw a {{TypeError}}.";
    }
    FETCH "request-class" @ "dom-request" {
        REQUEST_5_2 = "5.2", "If parsedURL is failure, then throw a {{TypeError}}.";
        REQUEST_5_3 = "5.3", "If parsedURL includes credentials, then throw a {{TypeError}}.";
        REQUEST_25_2 = "25.2", "If method is not a method or method is a forbidden method, then throw a {{TypeError}}.";
        REQUEST_32_1 = "32.1", "If this's request's method is not a CORS-safelisted method, then throw a {{TypeError}}.";
        REQUEST_35 = "35", "If either init[\"{{RequestInit/body}}\"] exists and is non-null or inputBody is non-null, and request's method is `GET` or `HEAD`, then throw a {{TypeError}}.";
    }
    FETCH "tao-check" @ "concept-tao-check" {
        TAO_CHECK_2 = "2", "If request's timing allow failed flag is set, then return failure.";
        TAO_CHECK_4 = "4", "If values contains \"*\", then return success.";
        TAO_CHECK_5 = "5", "If values contains the result of serializing a request origin with request, then return success.";
        TAO_CHECK_7 = "7", "If request's response tainting is \"basic\", then return success.";
        TAO_CHECK_8 = "8", "Return failure.";
    }
    FETCH "cross-origin-resource-policy-header" @ "cross-origin-resource-policy-internal-check" {
        CORP_5 = "5", "Switch on policy:";
    }
    PRIVATE_NETWORK_ACCESS "private-network-access-check" @ "private-network-access-check" {
        PNA_5_3_2 = "5.3.2", "If connection's IP address space is not equal to then request's target IP address space, then return a network error.";
        PNA_5_4_2 = "5.4.2", "If request's client is not a secure context (including if it is null), then return error.";
    }
    PRIVATE_NETWORK_ACCESS "private-network-access-preflight" @ "fetching" {
        PNA_10_3_1_3 = "10.3.1.3", "If allow is not \"`true`\", return a network error.";
    }
    LOCAL_NETWORK_ACCESS "local-network-access-check" @ "local-network-access-check" {
        LNA_5_4_2 = "5.4.2", "If addressSpace is not equal to then request's target IP address space, then return a network error.";
        LNA_5_5_2 = "5.5.2", "If request's client is not a secure context (including if it is null), then return error.";
        LNA_5_5_11 = "5.5.11", "If permissionState is denied, then return error.";
    }
}
