//! What the policies of the benchmarks list.

/// A listed host: all are of one length, and differ in their middle, as the hosts of one owner do.
pub fn host(number: usize) -> String {
    format!("app-{number:05}.customer.example")
}

/// A listed origin.
pub fn origin(number: usize) -> String {
    format!("https://{}", host(number))
}

/// A listed pattern.
pub fn pattern(number: usize) -> String {
    format!("https://*.{}", host(number))
}
