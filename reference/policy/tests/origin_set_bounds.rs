//! The largest number of comparisons of a look-up is small and known when a set is created.

use cors_policy::origin_set::OriginSet;

/// Returns origins or patterns of many tenants.
fn tenants(before: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("https://{before}tenant-{n}.shop.example")).collect()
}

fn set_of(texts: &[String]) -> OriginSet {
    OriginSet::parse(texts.iter().map(String::as_str)).expect("patterns")
}

#[test]
fn a_look_up_in_a_large_set_compares_few_entries() {
    for before in ["", "*."] {
        for (count, most) in [(0, 0), (1, 1), (10, 2), (100, 2), (1_000, 3), (10_000, 4), (100_000, 5)] {
            let probe = set_of(&tenants(before, count)).longest_probe();
            assert!(probe <= most, "{count} of {before} compare {probe}");
            assert_eq!(probe == 0, count == 0, "{count} of {before}");
        }
    }
}

#[test]
fn a_look_up_compares_all_of_up_to_four_exact_origins() {
    for count in 1..=4 {
        assert_eq!(set_of(&tenants("", count)).longest_probe(), count);
    }
}

#[test]
fn the_bound_does_not_depend_on_the_order_of_the_patterns() {
    let mut texts = [tenants("", 3_000), tenants("*.", 3_000)].concat();
    let probe = set_of(&texts).longest_probe();
    texts.reverse();
    assert_eq!(set_of(&texts).longest_probe(), probe);
    assert_eq!(set_of(&texts).longest_probe(), probe);
}
