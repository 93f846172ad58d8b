//! The growth of a cost with its size.

use std::fmt;

/// The growth of a cost.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub enum Growth {
    /// The cost at the greatest size exceeds the cost at the smallest size by less than half.
    Flat,
    /// The cost grows by about the same amount for each power of ten.
    Logarithmic,
    /// The cost grows in proportion to the size.
    Linear,
    /// The cost grows faster than the size.
    Worse,
}

/// About the number of instructions that hashing and comparing an origin take. Smaller costs reflect only branches of the
/// framework.
pub const LEAST: f64 = 150.0;

impl Growth {
    /// Classifies the growth over pairs of size and cost in ascending order of size. Costs below [`LEAST`] count as `LEAST`.
    ///
    /// Returns `None` for fewer than two sizes.
    pub fn of(points: &[(f64, f64)]) -> Option<Self> {
        let [(least_size, least), .., (most_size, most)] = points else { return None };
        if *least_size <= 0.0 || least_size >= most_size {
            return None;
        }
        let clear = least.max(LEAST);
        if most / clear < 1.5 {
            return Some(Self::Flat);
        }
        // A fixed cost hides the growth of the rest. The rest is greatest in the last step, so that step decides.
        let (before_size, before) = points.iter().rev().nth(1)?;
        let rest = |cost: &f64| (cost - least).max(clear / 10.0);
        let exponent = if points.len() > 2 {
            (rest(most) / rest(before)).log10() / (most_size / before_size).log10()
        } else {
            (most / clear).log10() / (most_size / least_size).log10()
        };
        Some(match exponent {
            ..0.3 => Self::Logarithmic,
            0.3..1.25 => Self::Linear,
            _ => Self::Worse,
        })
    }
}

impl fmt::Display for Growth {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.pad(match self {
            Self::Flat => "flat",
            Self::Logarithmic => "logarithmic",
            Self::Linear => "linear",
            Self::Worse => "worse than linear",
        })
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn of(cost: fn(f64) -> f64) -> Option<Growth> {
        Growth::of(&[1.0, 10.0, 100.0, 1000.0, 10_000.0].map(|size| (size, cost(size))))
    }

    #[test]
    fn each_kind_of_growth_is_recognized() {
        assert_eq!(of(|_| 5_000.0), Some(Growth::Flat));
        assert_eq!(of(|size| 500.0 + 400.0 * size.log10()), Some(Growth::Logarithmic));
        assert_eq!(of(|size| 500.0 + size), Some(Growth::Linear));
        assert_eq!(of(|size| 5.0 + 30.0 * size), Some(Growth::Linear));
        assert_eq!(of(|size| 500.0 + size * size), Some(Growth::Worse));
    }

    #[test]
    fn noise_of_a_tenth_does_not_change_the_classification() {
        for (cost, growth) in [(5_000.0, Growth::Flat), (0.0, Growth::Linear)]
            .map(|(fixed, growth)| (move |size: f64| fixed + size / 10.0, growth))
        {
            let points = [1.0, 10.0, 100.0, 1000.0, 10_000.0].map(|size: f64| size);
            let noisy: Vec<(f64, f64)> = points
                .iter()
                .enumerate()
                .map(|(at, size)| (*size, cost(*size) * (1.0 + 0.1 * (at % 2) as f64)))
                .collect();
            assert_eq!(Growth::of(&noisy), Some(growth));
        }
    }

    #[test]
    fn a_tiny_cost_at_the_first_size_does_not_hide_growth() {
        assert_eq!(
            Growth::of(&[(1.0, 0.0), (10.0, 50.0), (100.0, 5_000.0), (1_000.0, 50_000.0)]),
            Some(Growth::Linear)
        );
        assert_eq!(Growth::of(&[(1.0, 0.0), (10.0, 5.0)]), Some(Growth::Flat));
    }

    #[test]
    fn one_size_has_no_growth() {
        assert_eq!(Growth::of(&[(1.0, 2.0)]), None);
    }
}
