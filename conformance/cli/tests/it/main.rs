//! The tests of the command, in one program: each program of tests links every middleware once more.

#[path = "../common/mod.rs"]
mod common;

mod adapters;
mod assess;
mod browsers;
mod campaign;
mod compare;
mod judge;
mod mutants;
mod policy;
mod relations;
mod rules;
mod run;
mod server_protocol;
mod vectors;
mod watchdog;
mod witnesses;
