//! `assess`: do recorded exchanges serve a policy?
//!
//! Each exchange is judged for every fetch that could have sent its request, by the rules of the suite. Whatever an
//! exchange only suggests is a finding of severity low.

mod assessment;
mod findings;
pub mod har;
mod hypotheses;
mod possible_fetches;
mod recording;
mod suspicions;

pub use assessment::{assess, assess_stream};
pub use findings::AssessedFinding;
pub use recording::{RecordedExchange, RecordedRequest, Recording};
