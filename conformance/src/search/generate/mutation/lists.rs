//! Changes to lists of any kind.

use arbitrary::{Result, Unstructured};

/// Removes, repeats, moves or replaces an entry, or adds an entry of the donor. A list of `most` entries does not grow.
pub(super) fn change<T: Clone>(
    list: &mut Vec<T>,
    mut donor: Vec<T>,
    most: usize,
    bytes: &mut Unstructured<'_>,
) -> Result<()> {
    let new = if donor.is_empty() { None } else { Some(donor.swap_remove(bytes.choose_index(donor.len())?)) };
    if list.is_empty() {
        list.extend(new);
        return Ok(());
    }
    let (one, other) = (bytes.choose_index(list.len())?, bytes.choose_index(list.len())?);
    let may_grow = list.len() < most;
    match (bytes.int_in_range(0..=4)?, new) {
        (0, _) => drop(list.remove(one)),
        (1, _) if may_grow => list.insert(other, list[one].clone()),
        (2, _) => list.swap(one, other),
        (3, Some(new)) if may_grow => list.insert(one, new),
        (_, Some(new)) => list[one] = new,
        (_, None) => drop(list.remove(one)),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::search::generate::draw::bytes_of;

    fn changes(of: &[u8], donor: &[u8], most: usize) -> Vec<Vec<u8>> {
        let change_with = |seed| {
            let mut list = of.to_vec();
            change(&mut list, donor.to_vec(), most, &mut Unstructured::new(&bytes_of(seed, 0))).unwrap();
            list
        };
        (0..200).map(change_with).collect()
    }

    #[test]
    fn every_kind_of_change_occurs() {
        let made = changes(&[1, 2], &[3], 9);
        for wanted in [vec![2], vec![1, 1, 2], vec![2, 1], vec![3, 1, 2], vec![1, 3, 2], vec![3, 2], vec![1, 3]] {
            assert!(made.contains(&wanted), "{wanted:?}");
        }
    }

    #[test]
    fn a_full_list_does_not_grow() {
        assert!(changes(&[1, 2], &[3], 2).iter().all(|list| list.len() <= 2));
    }

    #[test]
    fn an_empty_list_takes_an_entry_of_the_donor() {
        assert!(changes(&[], &[3], 9).iter().all(|list| *list == [3]));
    }
}
