//! Cases with names: edge cases between the rows of the tables in the parent folder.

mod answers;
mod empty_lines;
mod policies;
mod preflights;
mod redirect_responses;
mod redirected_requests;
mod redirects;
mod requests;
mod safelisted;
mod visits;

use super::collection::Cases;

/// Adds the cases of one visit.
pub(super) fn add_single_visits(cases: &mut Cases) {
    for add in [
        answers::add,
        preflights::add,
        requests::add,
        redirects::add,
        safelisted::add,
        empty_lines::add,
        redirect_responses::add,
        redirected_requests::add,
        policies::add,
    ] {
        add(cases);
    }
}

/// Adds the cases of several visits.
pub(super) fn add_several_visits(cases: &mut Cases) {
    visits::add(cases);
}
