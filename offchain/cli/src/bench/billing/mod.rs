//! The messages of `billing`. Each part has a contract of its own, whose clock fits what it measures:
//! intervals of seconds instead of quarter hours, so that a day of bills takes minutes.

mod day;
mod readings;
mod schedule;
pub(super) mod terms;

use anyhow::Result;

use super::agents::Crowd;
use super::stage::Stage;
use crate::run::progress::Progress;
use day::Day;

/// Readings, a session, and the bills of 100 accounts. `scheduled` has a session first.
///
/// # Errors
/// A contract refuses.
pub async fn small(stage: &mut Stage, accounts: &Crowd, scheduled: &Crowd) -> Result<()> {
    Progress::step("readings");
    readings::measure(stage, accounts).await?;
    Progress::step("commitments of a session");
    let session = schedule::play(stage, scheduled).await?;
    let day = Day {
        accounts: &accounts.signers[..100],
        pages: &[10, 50, 100],
        lead: 40,
        correction: 60,
    };
    Progress::step("bills of 100 accounts");
    day.begin(stage).await?;
    schedule::record(stage, scheduled, session).await?;
    day.promise(stage).await?;
    day.settle(stage).await?;
    day.change(stage).await?;
    day.end(stage).await?;
    day.leave(stage).await
}

/// The bills of 1,000 accounts, page by page.
///
/// # Errors
/// A contract refuses.
pub async fn large(stage: &mut Stage, accounts: &Crowd) -> Result<()> {
    let day = Day {
        accounts: &accounts.signers,
        pages: &[50, 100, 200],
        lead: 300,
        correction: 180,
    };
    Progress::step("bills of 1,000 accounts");
    day.begin(stage).await?;
    day.promise(stage).await?;
    day.settle(stage).await?;
    day.end(stage).await
}
