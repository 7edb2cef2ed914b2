//! A recorded stream of offers: CSV with columns `home, feeder, start, end, energy_kwh, price`.

use std::collections::BTreeMap;

use super::book::{BookSide, LONGEST_OFFER};
use super::document::Document;
use super::homes::Home;
use super::posting::Posting;
use crate::profile::{ProfileError, Table};
use crate::scenario::ScenarioError;
use crate::scenario::source::Source;

const KEY: &str = "market.offers_csv";
/// Prices are in currency units per kWh in the file.
const MICRO: f64 = 1e6;

/// Homes in order of their number in the file, and their offers by first interval. Energy above 0 is
/// to sell, below to buy.
pub(super) fn read(
    document: &Document,
    source: &Source,
    file: &str,
) -> Result<(Vec<Home>, Vec<Posting>), ScenarioError> {
    let table = source.table(KEY, file)?;
    let columns = ["home", "feeder", "start", "end", "energy_kwh", "price"];
    let columns: Vec<&[f64]> = columns
        .iter()
        .map(|name| table.column(name))
        .collect::<Result<_, ProfileError>>()
        .map_err(|error| source.profile_error(KEY, error))?;
    let reader = Reader {
        document,
        file,
        table: &table,
    };
    let mut homes: BTreeMap<u32, u32> = BTreeMap::new();
    let mut rows = Vec::new();
    for row in 0..table.rows() {
        let (home, posting) = reader
            .row(&mut homes, row, |column| columns[column][row])
            .map_err(|flaw| source.value_error(flaw))?;
        rows.push((home, posting));
    }
    let position: BTreeMap<u32, usize> = homes.keys().copied().zip(0..).collect();
    let mut postings: Vec<Posting> = rows
        .into_iter()
        .map(|(home, posting)| Posting {
            home: position.get(&home).copied().unwrap_or_default(),
            ..posting
        })
        .collect();
    postings.sort_by_key(|posting| posting.start);
    Ok((profiles(document.horizon, &homes, &postings), postings))
}

/// A home's energy by interval: what it offers, at the first interval of each offer.
fn profiles(horizon: u32, homes: &BTreeMap<u32, u32>, postings: &[Posting]) -> Vec<Home> {
    let mut profiles: Vec<Home> = homes
        .values()
        .map(|&feeder| Home {
            feeder,
            energy_wh: vec![0; horizon as usize],
        })
        .collect();
    for posting in postings {
        let energy = posting.energy_wh as i64;
        profiles[posting.home].energy_wh[posting.start as usize] += match posting.side {
            BookSide::Sell => energy,
            BookSide::Buy => -energy,
        };
    }
    profiles
}

struct Reader<'a> {
    document: &'a Document,
    file: &'a str,
    table: &'a Table,
}

impl Reader<'_> {
    fn row(
        &self,
        homes: &mut BTreeMap<u32, u32>,
        row: usize,
        value: impl Fn(usize) -> f64,
    ) -> Result<(u32, Posting), crate::Flaw> {
        let whole = |column: usize, name: &str, least: u32, most: u32| {
            let value = value(column);
            let ok = value.fract() == 0.0 && (f64::from(least)..=f64::from(most)).contains(&value);
            self.ensure(
                ok,
                row,
                name,
                value,
                &format!("a whole number from {least} to {most}"),
            )?;
            Ok(value as u32)
        };
        let (feeders, last) = (self.document.market.feeders, self.document.horizon - 1);
        let home = whole(0, "home", 0, u32::MAX)?;
        let feeder = whole(1, "feeder", 1, feeders)?;
        let start = whole(2, "start", 0, last)?;
        let longest = last.min(start.saturating_add(LONGEST_OFFER - 1));
        let end = whole(3, "end", start, longest)?;
        let (energy, price) = (value(4), value(5));
        let amount = (1_000.0 * energy.abs()).round();
        self.ensure(
            (1.0..=1e12).contains(&amount),
            row,
            "energy_kwh",
            energy,
            "0.001 to 1e9 to sell, the negative of it to buy",
        )?;
        self.ensure(
            (0.0..=1e6).contains(&price),
            row,
            "price",
            price,
            "from 0 to 1e6",
        )?;
        let known = *homes.entry(home).or_insert(feeder);
        let expected = format!("{known}, where home {home} was before");
        self.ensure(known == feeder, row, "feeder", feeder.into(), &expected)?;
        let posting = Posting {
            home: 0,
            side: match energy > 0.0 {
                true => BookSide::Sell,
                false => BookSide::Buy,
            },
            start,
            end,
            energy_wh: amount as u64,
            price: (MICRO * price).round() as u64,
        };
        Ok((home, posting))
    }

    fn ensure(
        &self,
        ok: bool,
        row: usize,
        column: &str,
        value: f64,
        expected: &str,
    ) -> Result<(), crate::Flaw> {
        debug_assert!(row < self.table.rows());
        // The header is line 1.
        let place = format!("{KEY} ({}, line {}, column {column})", self.file, row + 2);
        crate::check::ensure(ok, &place, value, expected)
    }
}
