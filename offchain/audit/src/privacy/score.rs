//! How well links join what belongs together.

use std::collections::{BTreeMap, HashMap};

use serde::Serialize;

use super::sighting::Sighting;

/// How well an observer links.
#[derive(Debug, Clone, Copy, PartialEq, Serialize)]
pub struct Score {
    /// Links made.
    pub links: usize,
    /// Share of links that join two addresses of one person.
    pub precision: f64,
    /// Adjusted Rand index of the groups that links form: 1 for the persons themselves, 0 for groups
    /// of these sizes drawn from all addresses.
    pub adjusted_rand: f64,
}

/// Numbers of the persons behind `seen`, from 0.
pub(super) fn persons(seen: &[Sighting], truth: &BTreeMap<String, String>) -> Vec<usize> {
    let mut numbers: BTreeMap<&str, usize> = BTreeMap::new();
    let person = |one: &Sighting| {
        let next = numbers.len();
        let name = truth.get(&one.address).map_or("", String::as_str);
        *numbers.entry(name).or_insert(next)
    };
    seen.iter().map(person).collect()
}

/// Scores `links` between addresses of `persons`.
pub(super) fn score(seen: &[Sighting], persons: &[usize], links: &[(usize, usize)]) -> Score {
    let right = links
        .iter()
        .filter(|(from, to)| persons[*from] == persons[*to])
        .count();
    Score {
        links: links.len(),
        precision: right as f64 / links.len().max(1) as f64,
        adjusted_rand: adjusted_rand(&groups(seen.len(), links), persons),
    }
}

/// Group of each address: those that chains of links hold together.
fn groups(addresses: usize, links: &[(usize, usize)]) -> Vec<usize> {
    // A link goes from one period to the next and every address has one at most at each end.
    let mut next = vec![None; addresses];
    let mut first = vec![true; addresses];
    for &(from, to) in links {
        next[from] = Some(to);
        first[to] = false;
    }
    let mut groups = vec![0; addresses];
    for start in (0..addresses).filter(|at| first[*at]) {
        let mut at = Some(start);
        while let Some(one) = at {
            groups[one] = start;
            at = next[one];
        }
    }
    groups
}

/// The index of Hubert and Arabie: pairs together in both partitions, corrected for chance.
fn adjusted_rand(groups: &[usize], persons: &[usize]) -> f64 {
    let pairs = |sizes: &HashMap<_, u64>| sizes.values().map(|size| choose2(*size)).sum::<f64>();
    let (mut cells, mut rows, mut columns) = (HashMap::new(), HashMap::new(), HashMap::new());
    for (&group, &person) in groups.iter().zip(persons) {
        *cells.entry((group, person)).or_insert(0) += 1;
        *rows.entry((group, 0)).or_insert(0) += 1;
        *columns.entry((0, person)).or_insert(0) += 1;
    }
    let (both, of_groups, of_persons) = (pairs(&cells), pairs(&rows), pairs(&columns));
    let all = choose2(groups.len() as u64);
    if all == 0.0 {
        return 0.0;
    }
    let expected = of_groups * of_persons / all;
    let most = (of_groups + of_persons) / 2.0;
    match most > expected {
        true => (both - expected) / (most - expected),
        false => 0.0,
    }
}

fn choose2(size: u64) -> f64 {
    (size * size.saturating_sub(1)) as f64 / 2.0
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_index_is_one_for_equal_partitions_and_about_zero_for_unrelated_ones() {
        let persons = [0, 0, 1, 1, 2, 2];
        assert_eq!(adjusted_rand(&[5, 5, 7, 7, 9, 9], &persons), 1.0);
        // Worked by hand: 0 pairs in both, 3 and 3 of 15 expected to share 0.6, at most 3.
        let none = adjusted_rand(&[0, 1, 0, 2, 1, 2], &persons);
        assert!((none + 0.25).abs() < 1e-12, "{none}");
        assert_eq!(adjusted_rand(&[], &[]), 0.0);
    }

    #[test]
    fn chains_of_links_are_groups() {
        assert_eq!(groups(5, &[(0, 2), (2, 4), (1, 3)]), [0, 1, 0, 1, 0]);
    }
}
