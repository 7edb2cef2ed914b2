//! Ranges of a book's values.

use std::collections::BTreeSet;

use super::book::{BookFile, BookOffer, LONGEST_OFFER};
use crate::Flaw;
use crate::check::ensure;

/// The first value that is not what it must be.
pub(super) fn check(book: &BookFile) -> Result<(), Flaw> {
    ensure(book.feeders > 0, "feeders", book.feeders, "at least 1")?;
    ensure(
        book.intervals > 0,
        "intervals",
        book.intervals,
        "at least 1",
    )?;
    let mut known = BTreeSet::new();
    for (at, offer) in book.offers.iter().enumerate() {
        let place = format!("offers[{at}]");
        ensure(
            known.insert(offer.id),
            "id",
            offer.id,
            "a number of its own",
        )
        .and_then(|()| check_offer(book, offer))
        .map_err(|flaw| flaw.within(&place))?;
    }
    Ok(())
}

fn check_offer(book: &BookFile, offer: &BookOffer) -> Result<(), Flaw> {
    let (feeders, intervals) = (book.feeders, book.intervals);
    ensure(
        offer.feeder < feeders,
        "feeder",
        offer.feeder,
        format!("less than `feeders`, {feeders}"),
    )?;
    ensure(
        offer.end < intervals,
        "end",
        offer.end,
        format!("less than `intervals`, {intervals}"),
    )?;
    ensure(
        offer.start <= offer.end,
        "start",
        offer.start,
        format!("at most `end`, {}", offer.end),
    )?;
    ensure(
        offer.end - offer.start < LONGEST_OFFER,
        "end",
        offer.end,
        format!("less than {LONGEST_OFFER} after `start`, {}", offer.start),
    )?;
    ensure(offer.energy_wh > 0, "energy_wh", offer.energy_wh, "above 0")
}

#[cfg(test)]
mod tests {
    use crate::FileError;
    use crate::market::BookFile;

    const GOOD: &str = r#"{"feeders": 2, "intervals": 4, "limit_external_wh": 1500,
        "limit_internal_wh": 2500, "offers": [{"id": 1, "side": "sell", "feeder": 1, "start": 1,
        "end": 3, "energy_wh": 1900, "price": 220000}]}"#;

    fn refusal(from: &str, to: &str) -> String {
        assert!(GOOD.contains(from), "{from}");
        let error = BookFile::parse("book.json", &GOOD.replace(from, to)).unwrap_err();
        assert!(!matches!(error, FileError::Read { .. }));
        error.to_string()
    }

    #[test]
    fn wrong_values_are_named() {
        let book = BookFile::parse("book.json", GOOD).unwrap();
        assert_eq!(book.offers[0].energy_wh, 1_900);
        for (from, to, expected) in [
            (
                "\"feeder\": 1",
                "\"feeder\": 2",
                "book.json: `offers[0].feeder` is 2, expected less than `feeders`, 2",
            ),
            (
                "\"end\": 3",
                "\"end\": 4",
                "book.json: `offers[0].end` is 4, expected less than `intervals`, 4",
            ),
            (
                "\"start\": 1",
                "\"start\": 4",
                "book.json: `offers[0].start` is 4, expected at most `end`, 3",
            ),
            (
                "1900",
                "0",
                "book.json: `offers[0].energy_wh` is 0, expected above 0",
            ),
            (
                "\"feeders\": 2",
                "\"feeders\": 0",
                "book.json: `feeders` is 0, expected at least 1",
            ),
            (
                "\"intervals\": 4",
                "\"intervals\": 0",
                "book.json: `intervals` is 0, expected at least 1",
            ),
        ] {
            assert_eq!(refusal(from, to), expected);
        }
        for (from, to, key) in [
            ("1900", "-3", "offers[0].energy_wh"),
            ("sell", "lend", "offers[0].side"),
            ("\"price\": 220000", "\"prize\": 220000", "offers[0].prize"),
        ] {
            assert!(refusal(from, to).contains(key), "{}", refusal(from, to));
        }
    }

    #[test]
    fn a_number_is_used_once_and_spans_are_limited() {
        let twice = GOOD.replace("}]}", "}, {\"id\": 1, \"side\": \"buy\", \"feeder\": 0, \"start\": 0, \"end\": 0, \"energy_wh\": 1, \"price\": 1}]}");
        let error = BookFile::parse("book.json", &twice).unwrap_err();
        assert_eq!(
            error.to_string(),
            "book.json: `offers[1].id` is 1, expected a number of its own"
        );
        let long = GOOD
            .replace("\"intervals\": 4", "\"intervals\": 400")
            .replace("\"end\": 3", "\"end\": 129");
        let error = BookFile::parse("book.json", &long).unwrap_err();
        assert!(
            error.to_string().contains("less than 128 after `start`, 1"),
            "{error}"
        );
    }
}
