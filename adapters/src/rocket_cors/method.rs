//! The methods that Rocket knows.

use rocket::http::Method;

/// Returns the method with a name. Rocket's own parser ignores case.
pub(super) fn method(name: &str) -> Option<Method> {
    name.parse().ok().filter(|method: &Method| method.as_str() == name)
}

/// Returns the reason why there is no such method.
pub(super) fn unknown(method: &str) -> String {
    format!("Rocket does not know the method {method}")
}
