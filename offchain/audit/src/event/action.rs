//! What a response announces: one action.

use cosmwasm_std::Binary;
use gridweave_rules::settlement::Purse;
use gridweave_types::billing::{ConfigResponse, SourceKind, Tariff};

use super::Fields;
use crate::AuditError;

/// How coins or claims of an account moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Movement {
    ToppedUp,
    Withdrawn,
    Released,
    Collected,
}

/// A batch of readings or corrections.
#[derive(Debug, Clone)]
pub(crate) struct Readings {
    pub correction: bool,
    pub account: String,
    pub from: u32,
    pub packed: Binary,
    pub energies: Vec<i64>,
    pub nonce: u64,
    pub signature: Binary,
    /// Intervals passed over, and readings that do not count; none for corrections.
    pub lapsed_kept: Option<(u32, u32)>,
}

impl Readings {
    /// Intervals and energies; those beyond the last interval are left out.
    pub(crate) fn rows(&self) -> impl Iterator<Item = (u32, i64)> {
        let numbered = (0u32..).zip(&self.energies);
        numbered.map_while(|(offset, energy)| Some((self.from.checked_add(offset)?, *energy)))
    }
}

/// An action of the contract.
#[derive(Debug, Clone)]
pub(crate) enum Action {
    Instantiated {
        config: Box<ConfigResponse>,
        tariff: Tariff,
    },
    Migrated,
    TariffSet {
        from: u32,
        tariff: Tariff,
    },
    SourceRegistered {
        contract: String,
        index: usize,
        kind: SourceKind,
    },
    SourceRemoved {
        contract: String,
    },
    Moved {
        movement: Movement,
        account: String,
        amount: u128,
        purse: Purse,
    },
    GridMoved {
        funded: bool,
        amount: u128,
        grid: u128,
    },
    CommitmentsRecorded {
        source: String,
        session: Option<u64>,
        recorded: usize,
        skipped: usize,
    },
    Read(Readings),
    IntervalSettled {
        interval: u32,
        settled: u32,
        open: u32,
    },
    Disputed {
        account: String,
        interval: u32,
        metered: i64,
    },
    Resolved {
        account: String,
        interval: u32,
        metered: i64,
    },
    PeriodOpened {
        period: u32,
        first: u32,
        last: u32,
        statements: u32,
    },
    PeriodReconciled {
        period: u32,
        reconciled: u32,
        left: u32,
    },
}

impl Action {
    pub(crate) fn read(fields: Fields) -> Result<Self, AuditError> {
        let name = fields.name()?;
        Ok(match name {
            "instantiated" => Self::Instantiated {
                config: Box::new(fields.json("config")?),
                tariff: fields.json("tariff")?,
            },
            "migrated" => Self::Migrated,
            "tariff_set" => Self::TariffSet {
                from: fields.number("from")?,
                tariff: fields.json("tariff")?,
            },
            "source_registered" => Self::SourceRegistered {
                contract: owned(fields, "contract")?,
                index: fields.number("index")?,
                kind: kind(fields)?,
            },
            "source_removed" => Self::SourceRemoved {
                contract: owned(fields, "contract")?,
            },
            "commitments_recorded" => recorded(fields, "source", None)?,
            "session_recorded" => recorded(fields, "coordinator", Some(fields.number("session")?))?,
            "readings_submitted" | "readings_corrected" => {
                Self::Read(readings(fields, name == "readings_corrected")?)
            }
            _ => return Self::of_money(fields, name),
        })
    }

    fn of_money(fields: Fields, name: &str) -> Result<Self, AuditError> {
        let moved = |movement| {
            Ok(Self::Moved {
                movement,
                account: owned(fields, "account")?,
                amount: fields.number("amount")?,
                purse: fields.purse()?,
            })
        };
        match name {
            "topped_up" => moved(Movement::ToppedUp),
            "withdrawn" => moved(Movement::Withdrawn),
            "released" => moved(Movement::Released),
            "collected" => moved(Movement::Collected),
            "grid_funded" | "grid_defunded" => Ok(Self::GridMoved {
                funded: name == "grid_funded",
                amount: fields.number("amount")?,
                grid: fields.number("grid")?,
            }),
            _ => Self::of_settlement(fields, name),
        }
    }

    fn of_settlement(fields: Fields, name: &str) -> Result<Self, AuditError> {
        Ok(match name {
            "interval_settled" => Self::IntervalSettled {
                interval: fields.number("interval")?,
                settled: fields.number("settled")?,
                open: fields.number("open")?,
            },
            "reading_disputed" => Self::Disputed {
                account: owned(fields, "account")?,
                interval: fields.number("interval")?,
                metered: fields.number("metered")?,
            },
            "dispute_resolved" => Self::Resolved {
                account: owned(fields, "account")?,
                interval: fields.number("interval")?,
                metered: fields.number("metered")?,
            },
            "period_opened" => Self::PeriodOpened {
                period: fields.number("period")?,
                first: fields.number("first")?,
                last: fields.number("last")?,
                statements: fields.number("statements")?,
            },
            "period_reconciled" => Self::PeriodReconciled {
                period: fields.number("period")?,
                reconciled: fields.number("reconciled")?,
                left: fields.number("left")?,
            },
            _ => return Err(fields.misplaced("an action of the billing contract")),
        })
    }
}

fn owned(fields: Fields, key: &str) -> Result<String, AuditError> {
    Ok(fields.text(key)?.to_owned())
}

fn kind(fields: Fields) -> Result<SourceKind, AuditError> {
    match fields.text("kind")? {
        "sessions" => Ok(SourceKind::Sessions),
        "recorder" => Ok(SourceKind::Recorder),
        "additions" => Ok(SourceKind::Additions),
        other => Err(fields.wrong("kind", other, "sessions, recorder or additions")),
    }
}

fn recorded(fields: Fields, source: &str, session: Option<u64>) -> Result<Action, AuditError> {
    Ok(Action::CommitmentsRecorded {
        source: owned(fields, source)?,
        session,
        recorded: fields.number("recorded")?,
        skipped: fields.number("skipped")?,
    })
}

fn readings(fields: Fields, correction: bool) -> Result<Readings, AuditError> {
    let lapsed_kept = match correction {
        true => None,
        false => Some((fields.number("lapsed")?, fields.number("kept")?)),
    };
    Ok(Readings {
        correction,
        account: owned(fields, "account")?,
        from: fields.number("from")?,
        packed: fields.bytes("readings")?,
        energies: fields.longs("readings")?,
        nonce: fields.number("nonce")?,
        signature: fields.bytes("signature")?,
        lapsed_kept,
    })
}
