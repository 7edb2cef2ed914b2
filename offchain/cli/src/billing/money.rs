//! Numbers as people read them.

/// µ per currency unit.
const MICRO: u128 = 1_000_000;

/// An amount of money, given in µ, in currency units: exact, with the digits in groups.
pub fn money(micro: i128) -> String {
    let size = micro.unsigned_abs();
    let sign = if micro < 0 { "-" } else { "" };
    format!("{sign}{}.{:06}", grouped(size / MICRO), size % MICRO)
}

/// The same of what cannot be negative.
pub fn cash(micro: u128) -> String {
    money(i128::try_from(micro).unwrap_or(i128::MAX))
}

/// An energy (Wh) in kWh.
pub fn energy(wh: i128) -> String {
    let size = wh.unsigned_abs();
    let sign = if wh < 0 { "-" } else { "" };
    format!("{sign}{}.{:03}", grouped(size / 1_000), size % 1_000)
}

/// A price (µ/kWh) in currency per kWh.
pub fn price(micro: i64) -> String {
    money(micro.into())
}

/// A number with a comma before every three digits.
fn grouped(number: u128) -> String {
    let digits = number.to_string();
    let mut text = String::new();
    for (index, digit) in digits.chars().enumerate() {
        if index > 0 && (digits.len() - index).is_multiple_of(3) {
            text.push(',');
        }
        text.push(digit);
    }
    text
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn amounts_are_exact() {
        assert_eq!(money(0), "0.000000");
        assert_eq!(money(-1), "-0.000001");
        assert_eq!(money(1_234_567_890_123), "1,234,567.890123");
        assert!(money(i128::MIN).starts_with("-170,141,183"));
        assert_eq!(cash(2_500_000), "2.500000");
        assert_eq!(energy(-2_050), "-2.050");
        assert_eq!(price(241_000), "0.241000");
    }
}
