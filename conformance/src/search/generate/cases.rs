//! Cases from bytes.

use arbitrary::{Arbitrary, Result, Unstructured};

use super::{draw::bytes_of, handlers, policies, settings::Settings, visits};
use crate::case::Case;

impl Settings {
    /// Makes a case from bytes. After the bytes run out, the rest of the case has the simplest choices.
    ///
    /// # Errors
    ///
    /// Returns the errors of `arbitrary`.
    pub fn case(&self, bytes: &mut Unstructured<'_>) -> Result<Case> {
        let policy = match &self.policy {
            Some(policy) => policy.clone(),
            None => policies::policy(bytes, self)?,
        };
        let handler = handlers::handler(bytes, self)?;
        let visits = visits::visits(bytes, self, &policy)?;
        Ok(Case { policy, handler, visits })
    }

    /// Makes the case with the given number under a seed.
    pub fn numbered(&self, seed: u64, number: u64) -> Option<Case> {
        self.case(&mut Unstructured::new(&bytes_of(seed, number))).ok()
    }
}

impl<'a> Arbitrary<'a> for Case {
    fn arbitrary(bytes: &mut Unstructured<'a>) -> Result<Self> {
        Settings::default().case(bytes)
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use cors_policy::capability::Capabilities;

    #[test]
    fn a_case_is_a_function_of_its_seed_and_number() {
        let settings = Settings::default();
        assert_eq!(settings.numbered(7, 3), settings.numbered(7, 3));
        assert_ne!(settings.numbered(7, 3), settings.numbered(7, 4));
        assert_ne!(settings.numbered(7, 3), settings.numbered(8, 3));
    }

    #[test]
    fn every_generated_case_is_valid() {
        for number in 0..5_000 {
            let case = Settings { growing: 500, ..Settings::default() }.numbered(1, number).unwrap();
            assert_eq!(case.validate(), Ok(()), "{number}");
        }
    }

    #[test]
    fn a_policy_needs_only_the_capabilities_of_the_settings() {
        use cors_policy::capability::Capability;
        for missing in Capability::ALL {
            let capabilities = Capabilities::of(|capability| *capability != missing);
            let settings = Settings { capabilities, ..Settings::default() };
            let needs = |number| missing.is_needed_by(&settings.numbered(1, number).unwrap().policy);
            assert_eq!((0..2_000).find(|number| needs(*number)), None, "{missing}");
        }
    }
}
