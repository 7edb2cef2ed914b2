//! What a contract said, without what each layer above it adds.

/// Removes the `kind: …, error: ` prefixes of nested standard errors.
pub(crate) fn strip_kinds(message: &str) -> &str {
    let mut rest = message;
    while let Some((_, inner)) = rest
        .strip_prefix("kind: ")
        .and_then(|tail| tail.split_once(", error: "))
    {
        rest = inner;
    }
    rest
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn layers_of_kinds_are_removed() {
        let nested = "kind: Other, error: kind: Other, error: bus 7 is not on feeder 1";
        assert_eq!(strip_kinds(nested), "bus 7 is not on feeder 1");
        assert_eq!(strip_kinds("plain"), "plain");
    }
}
