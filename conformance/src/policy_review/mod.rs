//! stub
#![allow(missing_docs)]
use cors_reference::policy::{Policy, Wish};
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum RemarkKind {
    Danger,
    Contradiction,
    Unreachable,
    Advice,
}
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Remark {
    pub id: &'static str,
    pub kind: RemarkKind,
    pub field: String,
    pub message: String,
    pub quote: &'static str,
    pub link: &'static str,
}
pub fn review(policy: &Policy) -> Vec<Remark> {
    let mut v = Vec::new();
    let mut add = |id| {
        v.push(Remark {
            id,
            kind: RemarkKind::Danger,
            field: "origins".into(),
            message: "x".into(),
            quote: "",
            link: "",
        })
    };
    if policy.credentials && policy.origins == Wish::Mirror {
        add("mirror-with-credentials");
    }
    if policy.credentials && policy.origins == Wish::Any {
        add("wildcard-with-credentials");
    }
    if policy.origins.list().iter().any(|o| o.as_str() == "null") {
        add("null-origin");
    }
    if policy.origins.list().iter().any(|o| o.as_str().contains("*.com")) {
        add("public-suffix");
    }
    if policy.production && policy.origins.list().iter().any(|o| o.as_str().contains("localhost")) {
        add("development-origin");
    }
    v
}
