//! A raw request in two runs.

use super::{
    answers::{has_control_status_class, have_similar_controls, reaches_application_like_control},
    kind::{Aspect, DifferenceKind, Intended},
};
use crate::drive::{Exchange, Run, VisitRun};

/// Returns the difference between two runs of a raw request.
///
/// A raw client must get the application's response, unless it sends an `Origin` that may not read.
pub(super) fn raw_difference(run: &Run<'_>, a: &VisitRun<'_>, b: &VisitRun<'_>) -> Option<DifferenceKind> {
    let (a, b) = (a.exchanges.first()?, b.exchanges.first()?);
    if a.request.is_cors_preflight() {
        let does_not_reach_application = |exchange: &Exchange| exchange.observed.handler_calls == 0;
        let (a, b) = (does_not_reach_application(a), does_not_reach_application(b));
        return DifferenceKind::between(Aspect::Preflight, &a, &b, Intended::Permits);
    }
    if (!run.may_read(a) && !a.is_from_own_origin()) || !have_similar_controls(a, b) {
        return None;
    }
    let (reaches_a, reaches_b) = (reaches_application_like_control(a), reaches_application_like_control(b));
    let (class_of_a, class_of_b) = (has_control_status_class(a), has_control_status_class(b));
    DifferenceKind::between(Aspect::Application, &reaches_a, &reaches_b, Intended::Permits)
        .or_else(|| DifferenceKind::between(Aspect::OwnAnswer, &class_of_a, &class_of_b, Intended::Permits))
}
