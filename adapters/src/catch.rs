//! Panics of what is under test, caught and kept off the terminal.

use std::{
    any::Any,
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Keeps the panics of this thread off the terminal from now on: a server's, which catches them itself.
#[cfg(feature = "socket")]
pub(crate) fn hush() {
    set_hook();
    QUIET.set(true);
}

/// The panic hook that is installed stays in force for every other thread and at every other time.
fn set_hook() {
    static HOOK: Once = Once::new();
    HOOK.call_once(|| {
        let previous = panic::take_hook();
        panic::set_hook(Box::new(move |info| {
            if !QUIET.get() {
                previous(info);
            }
        }));
    });
}

/// Runs `f`; a panic is its message.
pub(crate) fn quietly<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    set_hook();
    let before = QUIET.replace(true);
    // What is under test is thrown away or said to have panicked, so broken invariants stay its own.
    let result = panic::catch_unwind(AssertUnwindSafe(f));
    QUIET.set(before);
    result.map_err(|payload| message(payload.as_ref()))
}

fn message(payload: &(dyn Any + Send)) -> String {
    let text = payload.downcast_ref::<&str>().map(|text| (*text).to_owned());
    text.or_else(|| payload.downcast_ref::<String>().cloned()).unwrap_or_else(|| "a panic without a message".to_owned())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_panic_is_its_message_and_a_value_stays() {
        assert_eq!(quietly(|| 7), Ok(7));
        assert_eq!(quietly(|| -> u8 { panic!("no {}", "way") }), Err("no way".to_owned()));
    }
}
