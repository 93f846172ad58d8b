//! The entries of the policies in the benchmarks.

/// Returns a listed host. All hosts have the same length and differ in the middle, like the hosts of one owner.
pub fn host(number: usize) -> String {
    format!("app-{number:05}.customer.example")
}

/// Returns a listed origin.
pub fn origin(number: usize) -> String {
    format!("https://{}", host(number))
}

/// Returns a listed pattern.
pub fn pattern(number: usize) -> String {
    format!("https://*.{}", host(number))
}
