//! What a person wants of a ledger.

mod bill;
mod statements;

pub use bill::{Bill, BillLine, BillTotals};
pub use statements::{PeriodStatements, Statement};

/// Most names that an error lists.
const SHOWN: usize = 8;

/// A list for an error message: the first few of `items` and how many there are.
fn listed(what: &str, items: impl Iterator<Item = String>) -> String {
    let all: Vec<String> = items.collect();
    let shown = all
        .get(..SHOWN.min(all.len()))
        .unwrap_or_default()
        .join(", ");
    match all.len() {
        0 => format!("there are no {what}"),
        count if count > SHOWN => format!("there are {count} {what}: {shown}, …"),
        count => format!("there are {count} {what}: {shown}"),
    }
}
