//! Paging of queries.

/// Items of a page when the caller names no limit.
pub const DEFAULT_LIMIT: u32 = 30;
/// Most items of a page.
pub const MAX_LIMIT: u32 = 100;

/// The number of items to return for a requested `limit`.
pub fn clamp_limit(limit: Option<u32>) -> usize {
    limit.unwrap_or(DEFAULT_LIMIT).min(MAX_LIMIT) as usize
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn limits_are_clamped() {
        assert_eq!(clamp_limit(None), 30);
        assert_eq!(clamp_limit(Some(5)), 5);
        assert_eq!(clamp_limit(Some(u32::MAX)), 100);
    }
}
