//! What gas costs and how much of it a transaction pays for.

use std::fmt;
use std::str::FromStr;

use super::options::bad;
use crate::ChainError;

/// Decimal places of a price.
const PLACES: usize = 18;
/// 10 to their power.
const ONE: u128 = 1_000_000_000_000_000_000;

/// Price of a unit of gas in one coin, kept exactly: up to 18 decimal places.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct GasPrice {
    /// Price × 10¹⁸.
    scaled: u128,
    denom: String,
}

impl GasPrice {
    /// The coin that is paid in.
    pub fn denom(&self) -> &str {
        &self.denom
    }

    /// Fee for `gas`, rounded up.
    ///
    /// # Errors
    /// [`ChainError::Option`] when no number can hold it.
    pub fn fee(&self, gas: u64) -> Result<u128, ChainError> {
        let product = u128::from(gas).checked_mul(self.scaled);
        product
            .map(|scaled| scaled.div_ceil(ONE))
            .ok_or_else(|| bad("gas_price", self, format!("a price payable for {gas} gas")))
    }
}

impl Default for GasPrice {
    /// The least price of the local network, `0.0001stake`.
    fn default() -> Self {
        Self {
            scaled: ONE / 10_000,
            denom: "stake".into(),
        }
    }
}

impl FromStr for GasPrice {
    type Err = ChainError;

    /// Reads a decimal number and a denomination, such as `0.0001stake`.
    fn from_str(text: &str) -> Result<Self, ChainError> {
        let expected = "a decimal number with up to 18 places and a coin, such as 0.0001stake";
        parse(text).ok_or_else(|| bad("gas_price", text, expected))
    }
}

fn parse(text: &str) -> Option<GasPrice> {
    let split = text.find(|c: char| !c.is_ascii_digit() && c != '.')?;
    let (number, denom) = text.split_at(split);
    let (whole, places) = number.split_once('.').unwrap_or((number, "0"));
    if whole.is_empty() || places.is_empty() || places.len() > PLACES {
        return None;
    }
    let whole = whole.parse::<u128>().ok()?.checked_mul(ONE)?;
    let places = format!("{places:0<PLACES$}").parse::<u128>().ok()?;
    denom.parse::<cosmrs::Denom>().ok()?;
    Some(GasPrice {
        scaled: whole.checked_add(places)?,
        denom: denom.into(),
    })
}

impl fmt::Display for GasPrice {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        let places = format!("{:0PLACES$}", self.scaled % ONE);
        let places = match places.trim_end_matches('0') {
            "" => "0",
            kept => kept,
        };
        write!(f, "{}.{places}{}", self.scaled / ONE, self.denom)
    }
}

/// Gas to pay for: what simulation used times `factor`, rounded up, and `reserve` on top.
pub(super) fn limit(simulated: u64, factor: f64, reserve: u64) -> u64 {
    // Gas is far below 2⁵³, and a cast from a float saturates.
    let scaled = (simulated as f64 * factor).ceil() as u64;
    scaled.saturating_add(reserve)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn price(text: &str) -> GasPrice {
        text.parse().unwrap()
    }

    proptest! {
        #[test]
        fn a_price_survives_being_shown(scaled: u128) {
            let price = GasPrice { scaled, denom: "stake".into() };
            prop_assert_eq!(price.to_string().parse::<GasPrice>().unwrap(), price);
        }

        #[test]
        fn a_fee_is_the_least_that_pays(gas: u64, scaled in 0..ONE) {
            let fee = GasPrice { scaled, denom: "stake".into() }.fee(gas).unwrap();
            let owed = u128::from(gas) * scaled;
            prop_assert!(fee * ONE >= owed);
            prop_assert!(fee == 0 || (fee - 1) * ONE < owed);
        }
    }

    #[test]
    fn fees_round_up() {
        let price = price("0.0001stake");
        assert_eq!(price, GasPrice::default());
        assert_eq!(price.fee(0).unwrap(), 0);
        assert_eq!(price.fee(1).unwrap(), 1);
        assert_eq!(price.fee(10_000).unwrap(), 1);
        assert_eq!(price.fee(10_001).unwrap(), 2);
    }

    #[test]
    fn prices_are_shown_as_they_are_read() {
        for text in ["0.0001stake", "1.5ucredit", "0.000000000000000001x/y"] {
            assert_eq!(price(text).to_string(), text);
        }
        assert_eq!(price("25ustake").fee(4).unwrap(), 100);
        assert_eq!(price("0stake").fee(u64::MAX).unwrap(), 0);
        assert!(price("340282366920938463463stake").fee(u64::MAX).is_err());
    }

    #[test]
    fn other_text_is_no_price() {
        let texts = [
            "",
            "stake",
            "1",
            ".5stake",
            "1.stake",
            "1..2stake",
            "-1stake",
            "1e3",
            "1,5stake",
            "0.0000000000000000001stake",
            "1é",
        ];
        for text in texts {
            let message = text.parse::<GasPrice>().unwrap_err().to_string();
            assert!(message.contains(&format!("'{text}'")), "{message}");
        }
    }

    #[test]
    fn the_limit_scales_what_was_simulated_only() {
        assert_eq!(limit(100_001, 1.3, 50), 130_002 + 50);
        assert_eq!(limit(1, 1.0, u64::MAX), u64::MAX);
    }
}
