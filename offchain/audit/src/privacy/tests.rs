//! Attacks on made-up crowds.

use std::collections::BTreeMap;

use rand::seq::SliceRandom;
use rand::{Rng, RngExt, SeedableRng};
use rand_chacha::ChaCha8Rng;

use super::*;

const PERSONS: u64 = 24;
const PERIODS: u32 = 40;
const SEED: u64 = 11;

/// What addresses of one person have in common.
#[derive(Clone, Copy, Default)]
struct Leaks {
    amounts: bool,
    order: bool,
    time: bool,
    payer: bool,
}

fn crowd(leaks: Leaks) -> (Vec<Sighting>, BTreeMap<String, String>) {
    let mut rng = ChaCha8Rng::seed_from_u64(SEED);
    let (mut seen, mut truth) = (Vec::new(), BTreeMap::new());
    for period in 0..PERIODS {
        let mut places: Vec<u64> = (0..PERSONS).collect();
        if !leaks.order {
            places.shuffle(&mut rng);
        }
        for person in 0..PERSONS {
            let address = format!("address{:016x}", rng.next_u64());
            truth.insert(address.clone(), format!("person-{person}"));
            let place = places[person as usize];
            let moment = |after: u64| Moment {
                time: 900 * u64::from(period) + if leaks.time { 7 * person } else { 0 },
                order: (10_000 * u64::from(period) + after + place) as usize,
            };
            seen.push(Sighting {
                address,
                feeder: (person % 3) as u32,
                side: "buy".into(),
                period,
                energy: match leaks.amounts {
                    true => 100 * (person + 1),
                    false => rng.random_range(100..2_000),
                },
                permits: 1,
                intervals: 1,
                issued: moment(0),
                posted: Some(moment(5_000)),
                account: None,
                payer: Some(if leaks.payer {
                    format!("payer-{person}")
                } else {
                    "dso".into()
                }),
            });
        }
    }
    seen.shuffle(&mut rng);
    (seen, truth)
}

fn leaking(leaks: Leaks) -> Vec<Attack> {
    let (seen, truth) = crowd(leaks);
    let judgement = judge(&seen, &truth, SEED).unwrap();
    assert_eq!((judgement.addresses, judgement.persons), (960, 24));
    let findings = judgement.findings.iter();
    findings
        .filter(|finding| finding.leaks)
        .map(|finding| finding.attack)
        .collect()
}

#[test]
fn nothing_leaks_from_an_even_crowd() {
    assert_eq!(leaking(Leaks::default()), []);
}

#[test]
fn each_leak_is_found_by_its_attack() {
    let none = Leaks::default();
    let order = leaking(Leaks {
        order: true,
        ..none
    });
    assert_eq!(order, [Attack::IssueOrder, Attack::PostingOrder]);
    let amounts = leaking(Leaks {
        amounts: true,
        ..none
    });
    assert_eq!(amounts, [Attack::Amounts]);
    let payer = leaking(Leaks {
        payer: true,
        ..none
    });
    assert_eq!(payer, [Attack::GasPayer]);
    let time = leaking(Leaks { time: true, ..none });
    assert!(
        time.starts_with(&[Attack::IssueOrder, Attack::IssueTime]),
        "{time:?}"
    );
}

#[test]
fn a_full_leak_finds_every_person_and_chance_is_one_in_a_crowd() {
    let (seen, truth) = crowd(Leaks {
        payer: true,
        ..Leaks::default()
    });
    let judgement = judge(&seen, &truth, SEED).unwrap();
    let payer = judgement
        .findings
        .iter()
        .find(|finding| finding.attack == Attack::GasPayer);
    let score = payer.unwrap().score.unwrap();
    assert_eq!((score.precision, score.adjusted_rand), (1.0, 1.0));
    let chance = judgement.chance;
    // Eight of a feeder.
    assert!((chance.mean.precision - 0.125).abs() < 0.01, "{chance:?}");
    assert!(
        chance.low.precision < 0.125 && chance.high.precision > 0.125,
        "{chance:?}"
    );
    assert_eq!(
        Crowd::of(&seen),
        Crowd {
            crowds: 120,
            smallest: 8,
            median: 8,
            alone: 0
        }
    );
}

#[test]
fn traits_that_the_chain_does_not_show_are_no_clue() {
    let (mut seen, truth) = crowd(Leaks::default());
    seen.iter_mut().for_each(|one| one.payer = None);
    let judgement = judge(&seen, &truth, SEED).unwrap();
    let score = |attack| {
        let mut findings = judgement.findings.iter();
        findings
            .find(|finding| finding.attack == attack)
            .unwrap()
            .score
    };
    assert_eq!(score(Attack::GasPayer), None);
    assert!(score(Attack::Amounts).is_some());
    assert_eq!(judge(&seen, &BTreeMap::new(), SEED), None);
}
