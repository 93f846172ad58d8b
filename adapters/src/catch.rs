//! Catches panics of servers under test and keeps their messages off the terminal.

use std::{
    any::Any,
    cell::Cell,
    panic::{self, AssertUnwindSafe},
    sync::Once,
};

thread_local! {
    static QUIET: Cell<bool> = const { Cell::new(false) };
}

/// Keeps later panics of this thread off the terminal. Threads of servers that catch panics themselves call it.
#[cfg(feature = "socket")]
pub(crate) fn silence_this_thread() {
    set_hook();
    QUIET.set(true);
}

/// Installs a panic hook that prints nothing for quiet threads and calls the previous hook for all others.
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

/// Runs `f`, and returns the message of a panic as an error.
pub(crate) fn quietly<T>(f: impl FnOnce() -> T) -> Result<T, String> {
    set_hook();
    let before = QUIET.replace(true);
    // A server that panicked is dropped or reported, so that its broken invariants reach nothing else.
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
    fn a_panic_becomes_its_message_and_a_value_is_returned() {
        assert_eq!(quietly(|| 7), Ok(7));
        assert_eq!(quietly(|| -> u8 { panic!("no {}", "way") }), Err("no way".to_owned()));
    }
}
