//! The price ladder: pairs exist exactly when the condition holds.

use gridweave_rules::market::{Amount, LadderError, Pair, ladder};
use proptest::collection::vec;
use proptest::prelude::*;

fn side(base: u32) -> impl Strategy<Value = Vec<Amount>> {
    vec((1..5u64, 0..6u64), 0..5).prop_map(move |offers| {
        let numbered = (base..).zip(offers);
        numbered
            .map(|(offer, (price, energy))| Amount {
                offer,
                price,
                energy,
            })
            .collect()
    })
}

/// Most energy that can be paired, by augmenting along paths found one Wh at a time.
fn most(sellers: &[Amount], buyers: &[Amount]) -> u64 {
    fn augment(
        seller: usize,
        edges: &[Vec<bool>],
        flow: &mut [Vec<u64>],
        free: &mut [u64],
        seen: &mut [bool],
    ) -> bool {
        for buyer in 0..free.len() {
            if !edges[seller][buyer] || std::mem::replace(&mut seen[buyer], true) {
                continue;
            }
            if free[buyer] > 0 {
                free[buyer] -= 1;
                flow[seller][buyer] += 1;
                return true;
            }
            for other in 0..edges.len() {
                if flow[other][buyer] > 0 && augment(other, edges, flow, free, seen) {
                    flow[other][buyer] -= 1;
                    flow[seller][buyer] += 1;
                    return true;
                }
            }
        }
        false
    }
    let row = |s: &Amount| buyers.iter().map(|b| s.price <= b.price).collect();
    let edges: Vec<Vec<bool>> = sellers.iter().map(row).collect();
    let mut flow = vec![vec![0; buyers.len()]; sellers.len()];
    let mut free: Vec<u64> = buyers.iter().map(|buyer| buyer.energy).collect();
    let mut total = 0;
    for (at, seller) in sellers.iter().enumerate() {
        for _ in 0..seller.energy {
            let mut seen = vec![false; buyers.len()];
            total += u64::from(augment(at, &edges, &mut flow, &mut free, &mut seen));
        }
    }
    total
}

fn total(amounts: &[Amount]) -> u64 {
    amounts.iter().map(|amount| amount.energy).sum()
}

fn of(pairs: &[Pair], offer: u32) -> u64 {
    let own = pairs
        .iter()
        .filter(|p| p.seller == offer || p.buyer == offer);
    own.map(|pair| pair.energy).sum()
}

proptest! {
    #![proptest_config(ProptestConfig::with_cases(5_000))]

    #[test]
    fn pairs_exist_iff_the_ladder_says_so(sellers in side(0), mut buyers in side(100)) {
        // Without balance there is nothing to see.
        let (sold, bought) = (total(&sellers), total(&buyers));
        if let Some(last) = buyers.last_mut() && sold > bought {
            last.energy += sold - bought;
        }
        let exist = total(&buyers) == sold && most(&sellers, &buyers) == sold;
        let pairs = ladder(&sellers, &buyers);
        prop_assert_eq!(pairs.is_ok(), exist, "{:?}", pairs);
        let Ok(pairs) = pairs else { return Ok(()) };
        for amount in sellers.iter().chain(&buyers) {
            prop_assert_eq!(of(&pairs, amount.offer), amount.energy);
        }
        for two in pairs.windows(2) {
            prop_assert!((two[0].seller, two[0].buyer) < (two[1].seller, two[1].buyer));
        }
        for pair in &pairs {
            let ask = sellers.iter().find(|s| s.offer == pair.seller).unwrap().price;
            let bid = buyers.iter().find(|b| b.offer == pair.buyer).unwrap().price;
            prop_assert!(ask <= bid && pair.energy > 0);
        }
        prop_assert!(pairs.len() < (sellers.len() + buyers.len()).max(1));
        let (mut up, mut down) = (sellers, buyers);
        up.reverse();
        down.reverse();
        prop_assert_eq!(ladder(&up, &down), Ok(pairs));
    }
}

#[test]
fn what_is_missing_is_said() {
    let amount = |offer, price, energy| Amount {
        offer,
        price,
        energy,
    };
    let short = ladder(
        &[amount(1, 5, 10), amount(2, 3, 5)],
        &[amount(3, 6, 9), amount(4, 4, 6)],
    );
    let expected = LadderError::Short {
        price: 5,
        sold: 10,
        bought: 9,
    };
    assert_eq!(short, Err(expected));
    let unbalanced = ladder(&[amount(1, 5, 10)], &[amount(3, 6, 11)]);
    let expected = LadderError::Unbalanced {
        sold: 10,
        bought: 11,
    };
    assert_eq!(unbalanced, Err(expected));
    let twice = ladder(&[amount(1, 5, 1), amount(1, 5, 1)], &[amount(3, 6, 2)]);
    assert_eq!(twice, Err(LadderError::Twice { offer: 1 }));
    let huge = ladder(
        &[amount(1, 5, u64::MAX), amount(2, 5, u64::MAX)],
        &[amount(3, u64::MAX, u64::MAX), amount(4, 5, u64::MAX)],
    );
    assert_eq!(huge.map(|pairs| pairs.len()), Ok(2));
}
