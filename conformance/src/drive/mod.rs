//! Driving cases: the reference browser runs a case against one middleware and its control, and records what happened.

mod costs;
mod driver;
mod fetch_behind;
mod header_text;
mod message;
mod run;
mod visitors;

pub use costs::{Allocations, Cost, Meter};
pub use driver::{NotRun, Progress, Watch, drive, drive_as, drive_watched};
pub(crate) use fetch_behind::{fetch_of, fetch_of_with};
pub(crate) use header_text::{is_cors_header, members, text, vary};
pub use message::{Message, MessageKind};
pub(crate) use run::denial;
pub use run::{Exchange, Fetched, Place, Run, VisitRun};
pub use visitors::{Visitor, Who, visitors};
pub(crate) use visitors::{of_policy as visitors_of, permitted_origins};
