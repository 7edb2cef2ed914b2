//! Trades between two members each, derived from the pool's schedule.

/// What one member sells to another in one interval.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Bilateral {
    /// Index of the seller.
    pub seller: usize,
    /// Index of the buyer.
    pub buyer: usize,
    /// Energy (Wh), above 0.
    pub energy: u64,
}

/// Matches sellers with buyers of one interval, given what each member sells net (Wh): both in order
/// of their index, each seller filling the first buyer that is still short. All pay one price, so
/// the order decides about no money.
///
/// What a member sells (or buys) over all its trades is exactly its net sales; there are fewer trades
/// than members. `None` when the sales do not cancel.
pub fn bilateral(sales: &[i64]) -> Option<Vec<Bilateral>> {
    if sales.iter().map(|&sold| i128::from(sold)).sum::<i128>() != 0 {
        return None;
    }
    let mut trades = Vec::new();
    let mut buyers = (0..)
        .zip(sales)
        .filter(|(_, sold)| **sold < 0)
        .map(|(buyer, bought)| (buyer, bought.unsigned_abs()));
    let mut short = buyers.next();
    for (seller, &sold) in sales.iter().enumerate().filter(|(_, sold)| **sold > 0) {
        let mut left = sold.unsigned_abs();
        while left > 0 {
            let (buyer, missing) = short?;
            let energy = left.min(missing);
            trades.push(Bilateral {
                seller,
                buyer,
                energy,
            });
            left -= energy;
            short = match missing - energy {
                0 => buyers.next(),
                rest => Some((buyer, rest)),
            };
        }
    }
    Some(trades)
}

#[cfg(test)]
mod tests {
    use super::*;
    use proptest::prelude::*;

    #[test]
    fn sellers_fill_buyers_in_order() {
        let trade = |seller, buyer, energy| Bilateral {
            seller,
            buyer,
            energy,
        };
        assert_eq!(
            bilateral(&[5, -3, 0, 2, -4]),
            Some(vec![trade(0, 1, 3), trade(0, 4, 2), trade(3, 4, 2)])
        );
        assert_eq!(bilateral(&[]), Some(vec![]));
        assert_eq!(bilateral(&[1]), None);
        assert_eq!(bilateral(&[i64::MIN, 1]), None);
    }

    proptest! {
        #[test]
        fn trades_add_up_to_the_schedule(parts in prop::collection::vec(-1_000_000i64..1_000_000, 0..40)) {
            let mut sales = parts;
            sales.push(-sales.iter().sum::<i64>());
            let trades = bilateral(&sales).unwrap();
            prop_assert!(trades.len() < sales.len());
            let mut net = vec![0i64; sales.len()];
            for trade in &trades {
                prop_assert!(trade.energy > 0);
                net[trade.seller] += trade.energy as i64;
                net[trade.buyer] -= trade.energy as i64;
            }
            prop_assert_eq!(net, sales);
        }
    }
}
