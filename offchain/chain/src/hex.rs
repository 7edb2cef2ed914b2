//! Bytes as hex digits.

/// `bytes` in lower-case hex digits.
pub fn encode(bytes: &[u8]) -> String {
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}

/// The bytes whose hex digits, of either case, `text` has; none when it has anything else.
pub fn decode(text: &str) -> Option<Vec<u8>> {
    let digits: Option<Vec<u32>> = text.chars().map(|digit| digit.to_digit(16)).collect();
    let digits = digits?;
    let (pairs, odd) = digits.as_chunks::<2>();
    let bytes = pairs.iter().map(|[high, low]| (high << 4 | low) as u8);
    odd.is_empty().then(|| bytes.collect())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn bytes_come_back_from_their_digits() {
        let bytes: Vec<u8> = (0..=255).collect();
        let text = encode(&bytes);
        assert!(text.starts_with("000102") && text.ends_with("feff"));
        assert_eq!(decode(&text), Some(bytes.clone()));
        assert_eq!(decode(&text.to_uppercase()), Some(bytes));
    }

    #[test]
    fn anything_else_is_no_bytes() {
        assert_eq!(decode(""), Some(Vec::new()));
        for text in ["0", "012", "0g", "é0", " 00"] {
            assert_eq!(decode(text), None, "{text}");
        }
    }
}
