//! The policies of configurations that are not made from a policy, such as defaults and presets.
#![allow(dead_code, unused_imports, unused_macros, reason = "a build without any adapter has no fixed configuration")]

use cors_policy::Policy;

/// The policy that the documentation of a fixed configuration promises. [`fixed_policies!`] defines such constants.
#[derive(Debug, Clone, Copy)]
pub(crate) struct FixedPolicy {
    json: &'static str,
}

impl FixedPolicy {
    /// Holds a policy as JSON. Only [`fixed_policies!`] calls this, because it also tests the text.
    pub(crate) const fn from_json(json: &'static str) -> Self {
        Self { json }
    }

    /// Returns the policy.
    pub(crate) fn policy(self) -> Policy {
        // The test that `fixed_policies!` defines proves that there is no error.
        self.parse().unwrap_or_default()
    }

    /// Parses the JSON.
    pub(crate) fn parse(self) -> serde_json::Result<Policy> {
        serde_json::from_str(self.json)
    }
}

/// Defines constants of type [`FixedPolicy`] from JSON, and a test that each of them parses.
macro_rules! fixed_policies {
    ($($(#[$attribute:meta])* $name:ident = $json:literal;)*) => {
        $(
            $(#[$attribute])*
            #[allow(dead_code, reason = "a build of one release line may have no row for it")]
            const $name: $crate::fixed_policy::FixedPolicy = $crate::fixed_policy::FixedPolicy::from_json($json);
        )*

        #[cfg(test)]
        #[test]
        fn each_fixed_policy_parses() {
            $(assert!($name.parse().is_ok(), "{:?}", $name.parse());)*
        }
    };
}
pub(crate) use fixed_policies;
