//! From what each offer trades in an interval to pairs.
//!
//! A split of sales `x` and purchases `y` into pairs with `R_s ≤ R_b` exists iff `Σx = Σy` and, for
//! every price `π`, `Σ_{R_s ≥ π} x ≤ Σ_{R_b ≥ π} y`: the sellers that ask `π` or more can only sell
//! to buyers that pay as much, and these sets of buyers are nested. So the linear program needs no
//! variable per pair.

use super::offer::OfferId;

/// What one offer trades in the interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub struct Amount {
    /// The offer.
    pub offer: OfferId,
    /// Its reservation price (µ/kWh).
    pub price: u64,
    /// Energy (Wh).
    pub energy: u64,
}

/// What one pair trades in the interval.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord)]
pub struct Pair {
    /// The selling offer.
    pub seller: OfferId,
    /// The buying offer.
    pub buyer: OfferId,
    /// Energy (Wh), above 0.
    pub energy: u64,
}

/// Amounts that no pairs have.
#[derive(Clone, Copy, Debug, PartialEq, Eq, thiserror::Error)]
pub enum LadderError {
    /// Sales and purchases differ.
    #[error("{sold} Wh sold, {bought} Wh bought")]
    Unbalanced {
        /// Sold (Wh).
        sold: u128,
        /// Bought (Wh).
        bought: u128,
    },
    /// Too few buyers pay what sellers ask.
    #[error("at {price} µ/kWh and above {sold} Wh are sold, only {bought} Wh bought")]
    Short {
        /// The price (µ/kWh).
        price: u64,
        /// Sold at it or above (Wh).
        sold: u128,
        /// Bought at it or above (Wh).
        bought: u128,
    },
    /// An offer twice on one side.
    #[error("offer {offer} is listed twice")]
    Twice {
        /// The offer.
        offer: OfferId,
    },
}

/// Pairs of the given amounts, in order of `(seller, buyer)`, each pair once; fewer than there are
/// amounts. Both sides go down the price ladder, the dearest first: the sellers with the fewest
/// buyers choose first. The order of the input does not matter, amounts of 0 neither.
///
/// # Errors
/// [`LadderError`] exactly when there are no such pairs, or an offer is listed twice.
pub fn ladder(sellers: &[Amount], buyers: &[Amount]) -> Result<Vec<Pair>, LadderError> {
    let (sellers, buyers) = (descending(sellers)?, descending(buyers)?);
    check(&sellers, &buyers)?;
    let mut pairs = Vec::with_capacity(sellers.len() + buyers.len());
    let mut buyers = buyers.into_iter();
    let mut buyer: Option<Amount> = None;
    for mut seller in sellers {
        while seller.energy > 0 {
            // The totals are equal, so there is a buyer for every Wh.
            let Some(mut open) = buyer.take().or_else(|| buyers.next()) else {
                break;
            };
            let energy = seller.energy.min(open.energy);
            pairs.push(Pair {
                seller: seller.offer,
                buyer: open.offer,
                energy,
            });
            seller.energy -= energy;
            open.energy -= energy;
            buyer = Some(open).filter(|open| open.energy > 0);
        }
    }
    pairs.sort_unstable();
    Ok(pairs)
}

/// Amounts above 0, the dearest first, then by number.
fn descending(amounts: &[Amount]) -> Result<Vec<Amount>, LadderError> {
    let mut amounts: Vec<Amount> = amounts.iter().copied().filter(|a| a.energy > 0).collect();
    amounts.sort_unstable_by_key(|amount| amount.offer);
    if let Some(twice) = amounts.windows(2).find(|two| two[0].offer == two[1].offer) {
        let offer = twice[0].offer;
        return Err(LadderError::Twice { offer });
    }
    amounts.sort_by_key(|amount| std::cmp::Reverse(amount.price));
    Ok(amounts)
}

/// The condition, for both sides in descending order.
fn check(sellers: &[Amount], buyers: &[Amount]) -> Result<(), LadderError> {
    let (mut sold, mut bought) = (0, 0);
    let mut open = buyers.iter().peekable();
    for (at, seller) in sellers.iter().enumerate() {
        sold += u128::from(seller.energy);
        let price = seller.price;
        if sellers.get(at + 1).is_some_and(|next| next.price == price) {
            continue;
        }
        while let Some(buyer) = open.next_if(|buyer| buyer.price >= price) {
            bought += u128::from(buyer.energy);
        }
        if sold > bought {
            return Err(LadderError::Short {
                price,
                sold,
                bought,
            });
        }
    }
    bought += open.map(|buyer| u128::from(buyer.energy)).sum::<u128>();
    if sold != bought {
        return Err(LadderError::Unbalanced { sold, bought });
    }
    Ok(())
}
