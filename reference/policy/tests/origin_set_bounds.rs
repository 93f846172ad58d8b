//! What a query costs at most: is it known once a set is built, and the same each time?

use cors_policy::origin_set::OriginSet;

/// Origins or patterns of many tenants.
fn tenants(before: &str, count: usize) -> Vec<String> {
    (0..count).map(|n| format!("https://{before}tenant-{n}.shop.example")).collect()
}

fn set_of(texts: &[String]) -> OriginSet {
    OriginSet::parse(texts.iter().map(String::as_str)).expect("patterns")
}

#[test]
fn a_look_up_compares_few_entries_however_many_there_are() {
    for before in ["", "*."] {
        for (count, most) in [(0, 0), (1, 1), (10, 2), (100, 2), (1_000, 3), (10_000, 4), (100_000, 5)] {
            let probe = set_of(&tenants(before, count)).longest_probe();
            assert!(probe <= most, "{count} of {before} compare {probe}");
            assert_eq!(probe == 0, count == 0, "{count} of {before}");
        }
    }
}

#[test]
fn up_to_four_exact_origins_are_compared_one_by_one() {
    for count in 1..=4 {
        assert_eq!(set_of(&tenants("", count)).longest_probe(), count);
    }
}

#[test]
fn the_bound_is_of_the_patterns_and_not_of_their_order() {
    let mut texts = [tenants("", 3_000), tenants("*.", 3_000)].concat();
    let probe = set_of(&texts).longest_probe();
    texts.reverse();
    assert_eq!(set_of(&texts).longest_probe(), probe);
    assert_eq!(set_of(&texts).longest_probe(), probe);
}
