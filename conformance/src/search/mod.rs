//! Search for cases that no vector has: the generator, the minimiser and the campaign.

pub mod campaign;
pub mod generate;
pub mod minimise;
