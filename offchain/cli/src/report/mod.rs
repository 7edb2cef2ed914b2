//! What a run leaves: `summary.json`, CSV files and the closing table.

mod csv;
mod schedule;
mod summary;
mod table;

pub use self::csv::{write as write_csv, write_all, write_bills};
pub use summary::Summary;
pub use table::table;
