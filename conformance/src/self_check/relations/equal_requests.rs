//! Checks that equal requests get equal responses.

use cors_adapters::{Middleware, build, observe};

use super::{
    answer::Answer,
    runs::{description, visits},
};
use crate::case::Case;

pub(super) fn check(middleware: &dyn Middleware, case: &Case) -> Option<String> {
    let request = visits(middleware, case)?.into_iter().next()?.exchanges.into_iter().next()?.request;
    let server = || build(middleware, Some(&case.policy), &case.handler).ok();
    let (mut one, mut other) = (server()?, server()?);
    let first = Answer::of(&observe(one.as_mut(), &request));
    let compared =
        [("another server", observe(other.as_mut(), &request)), ("the second time", observe(one.as_mut(), &request))];
    compared.iter().find_map(|(how, observed)| {
        let difference = Answer::difference(first.as_ref(), Answer::of(observed).as_ref())?;
        Some(format!("{}, {how}: {difference}", description(&request)))
    })
}
