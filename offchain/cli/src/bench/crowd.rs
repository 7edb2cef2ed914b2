//! The messages of `crowdsourcing`: a programme of some intervals, whose tasks are offered and answered
//! before it begins.

use anyhow::Result;
use cosmwasm_std::{Int64, Uint64, Uint128};
use gridweave_chain::ContractKind::{Billing, Crowdsourcing, Grid};
use gridweave_chain::{Call, Chain, Coin, Signer};
use gridweave_types::billing::{self, SourceKind, pack_readings};
use gridweave_types::crowdsourcing::{
    AgreementProposal, Bound, ExecuteMsg, FeederBudget, InstantiateMsg, Kind, Ledger, MigrateMsg,
    Preferences, RaiseInput, SupplementInput, TaskInput, Term, Terms, Window,
};

use super::agents::Crowd;
use super::billing::terms as bills;
use super::stage::{BARE, Case, QUIET, Stage};
use super::until;
use crate::run::progress::Progress;

/// Seconds of an interval.
const INTERVAL: u32 = 2;
/// Intervals of the programme.
const LENGTH: u32 = 12;
/// Seconds until preferences are no longer taken, and until the first interval begins.
const LEAD: (u64, u64) = (40, 75);
/// Seconds after which an interval is final.
const CORRECTION: u32 = 5;
/// Crowdsourcees of Type 2; one of Type 1 and a generator come after them.
const TYPE2: usize = 8;
/// Energy of a task (Wh).
const ENERGY: i64 = 1_000;
/// First incentive (µ/kWh).
const INCENTIVE: u64 = 50_000;
/// Budget of an interval (µ), and what each account has at first.
const BUDGET: u128 = 1_000_000;

/// A programme for ten accounts of `crowd`, from enrolment to its end.
///
/// # Errors
/// A contract refuses.
pub async fn measure(stage: &mut Stage, crowd: &Crowd) -> Result<()> {
    Progress::step("a crowd");
    let now = stage.chain.time().await?;
    let day = Day {
        people: &crowd.signers[..TYPE2 + 2],
        feeder: crowd.feeder,
        deadline: now + LEAD.0,
        genesis: now + LEAD.1,
    };
    day.found(stage).await?;
    day.enrol(stage).await?;
    day.prefer(stage).await?;
    until(stage, day.deadline + 1).await?;
    day.agree(stage).await?;
    day.ask(stage).await?;
    let end = day.genesis + u64::from(LENGTH * INTERVAL + CORRECTION);
    until(stage, end + 1).await?;
    day.settle(stage).await?;
    stage.migrate(Crowdsourcing, &MigrateMsg {}).await
}

struct Day<'a> {
    people: &'a [Signer],
    feeder: u32,
    deadline: u64,
    genesis: u64,
}

/// So many tasks, people or statements, in so many intervals.
fn case(name: &str, agents: usize, horizon: u32) -> Case<'_> {
    Case {
        name,
        agents: agents as u32,
        horizon,
    }
}

impl Day<'_> {
    /// Contracts with a clock of their own, and money in everybody's account.
    async fn found(&self, stage: &mut Stage) -> Result<()> {
        let clock = bills::Clock {
            genesis: self.genesis,
            interval: INTERVAL,
            period: LENGTH,
            dispute: 0,
            correction: CORRECTION,
        };
        let terms = bills::terms(stage, &clock)?;
        stage.renew(Billing, &terms).await?;
        let own = InstantiateMsg {
            grid: stage.address(Grid)?.to_string(),
            billing: stage.address(Billing)?.to_string(),
            day_intervals: LENGTH,
            incentive_limit: Uint64::new(160_000),
        };
        stage.renew(Crowdsourcing, &own).await?;
        let operator = stage.operator.clone();
        let source = billing::ExecuteMsg::RegisterSource {
            contract: stage.address(Crowdsourcing)?.to_string(),
            kind: SourceKind::Additions,
        };
        stage.act(&operator, Billing, QUIET, &source).await?;
        let contract = stage.address(Billing)?;
        let coins = vec![Coin::new(BUDGET, &stage.denom)];
        let top_ups = self.people.iter().map(|person| {
            let top_up = billing::ExecuteMsg::TopUp {
                account: Some(person.address.clone()),
            };
            Ok(Call::new(&contract, &top_up)?.with_funds(coins.clone()))
        });
        let top_ups = top_ups.collect::<Result<Vec<_>>>()?;
        stage.chain.execute_many(&operator, top_ups).await?;
        Ok(())
    }

    /// Enrolments and the programme.
    async fn enrol(&self, stage: &mut Stage) -> Result<()> {
        let operator = stage.operator.clone();
        for (index, person) in self.people.iter().enumerate() {
            let enrol = ExecuteMsg::Enrol {
                kind: match index {
                    0..TYPE2 => Kind::Type2,
                    TYPE2 => Kind::Type1,
                    _ => Kind::Generator,
                },
                devices: Vec::new(),
            };
            stage.act(person, Crowdsourcing, BARE, &enrol).await?;
            let account = person.address.clone();
            let approve = ExecuteMsg::ApproveEnrolment { account };
            stage.act(&operator, Crowdsourcing, BARE, &approve).await?;
        }
        let create = ExecuteMsg::CreateProgramme {
            terms: Terms {
                first: 0,
                length: LENGTH,
                preferences_until: Uint64::new(self.deadline),
                cap: Uint64::new(160_000),
                raises: 2,
                task_seconds: 600,
                supplement_price: Uint64::new(400_000),
            },
            budgets: vec![FeederBudget {
                feeder: self.feeder,
                from: 0,
                amounts: vec![Uint128::new(BUDGET); LENGTH as usize],
            }],
        };
        let coins = vec![Coin::new(BUDGET * u128::from(LENGTH), &stage.denom)];
        let one = case("one feeder", 0, LENGTH);
        stage
            .pay(&operator, Crowdsourcing, one, &create, coins)
            .await?;
        Ok(())
    }

    async fn prefer(&self, stage: &mut Stage) -> Result<()> {
        let bound = |energy| Bound {
            energy: Uint64::new(energy),
            price: Int64::zero(),
        };
        let prefer = ExecuteMsg::SubmitPreferences {
            programme: 1,
            preferences: Preferences {
                windows: vec![Window {
                    first: 0,
                    last: LENGTH - 1,
                }],
                export: bound(2_000),
                import: bound(0),
                energy: Uint64::new(24_000),
                devices: Vec::new(),
            },
        };
        for person in self.people {
            let new = BARE.named("new");
            stage.act(person, Crowdsourcing, new, &prefer).await?;
        }
        let amended = BARE.named("amended");
        stage
            .act(&self.people[0], Crowdsourcing, amended, &prefer)
            .await?;
        Ok(())
    }

    async fn agree(&self, stage: &mut Stage) -> Result<()> {
        let (operator, person) = (stage.operator.clone(), &self.people[TYPE2]);
        let propose = ExecuteMsg::ProposeAgreement {
            programme: 1,
            proposal: AgreementProposal {
                account: person.address.clone(),
                rate: Int64::new(150_000),
                term: Term::Month,
                export: Uint64::new(2_000),
                import: Uint64::zero(),
                setpoints: pack_readings(&[ENERGY; LENGTH as usize]),
            },
        };
        let day = case("for a month", 0, LENGTH);
        stage.act(&operator, Crowdsourcing, day, &propose).await?;
        let agreement = Uint64::one();
        let accept = ExecuteMsg::AcceptAgreement { agreement };
        stage.act(person, Crowdsourcing, day, &accept).await?;
        Ok(())
    }

    /// Tasks in three batches: those of the first interval are answered, the others stay open.
    async fn ask(&self, stage: &mut Stage) -> Result<()> {
        let operator = stage.operator.clone();
        for (people, intervals) in [(TYPE2, 0..1), (1, 1..2), (TYPE2, 2..LENGTH)] {
            let tasks = intervals.clone().flat_map(|interval| {
                let people = self.people[..people].iter();
                people.map(move |person| TaskInput {
                    account: person.address.clone(),
                    interval,
                    energy: Int64::new(ENERGY),
                    price: Int64::new(200_000),
                    incentive: Uint64::new(INCENTIVE),
                })
            });
            let tasks: Vec<TaskInput> = tasks.collect();
            let batch = case("new tasks", tasks.len(), intervals.len() as u32);
            let offer = ExecuteMsg::OfferTasks {
                programme: 1,
                tasks,
            };
            stage.act(&operator, Crowdsourcing, batch, &offer).await?;
        }
        self.answer(stage).await?;
        // The last batch begins with task number 10.
        raise(stage, "open", 10..10 + TYPE2 as u64).await?;
        let supplement = ExecuteMsg::Supplement {
            programme: 1,
            supplements: vec![SupplementInput {
                account: self.people[TYPE2 + 1].address.clone(),
                feeder: self.feeder,
                interval: 0,
                energy: Int64::new(400),
                price: Int64::new(350_000),
            }],
        };
        let one = case("-", 1, 0);
        stage
            .act(&operator, Crowdsourcing, one, &supplement)
            .await?;
        Ok(())
    }

    /// Everybody accepts, the first after a raise.
    async fn answer(&self, stage: &mut Stage) -> Result<()> {
        let task = Uint64::one();
        let decline = ExecuteMsg::DeclineTask { task, round: 0 };
        stage
            .act(&self.people[0], Crowdsourcing, BARE, &decline)
            .await?;
        raise(stage, "declined", 1..2).await?;
        for (task, person) in (1..).zip(&self.people[..TYPE2]) {
            let round = u32::from(task == 1);
            let name = ["as offered", "after a raise"][round as usize];
            let accept = ExecuteMsg::AcceptTask {
                task: Uint64::new(task),
                round,
            };
            let answer = BARE.named(name);
            stage.act(person, Crowdsourcing, answer, &accept).await?;
        }
        Ok(())
    }

    /// Lines settled on estimates, tasks paid or ended, the programme closed.
    async fn settle(&self, stage: &mut Stage) -> Result<()> {
        let operator = stage.operator.clone();
        for interval in 0..LENGTH {
            let settle = billing::ExecuteMsg::Settle {
                interval,
                start_after: None,
                limit: None,
            };
            stage.act(&operator, Billing, QUIET, &settle).await?;
            let page = match interval {
                0 => case("accepted", TYPE2, 0),
                1 => case("open", 1, 0),
                _ => case("open", TYPE2, 0),
            };
            let sweep = ExecuteMsg::Sweep {
                interval,
                start_after: None,
                limit: None,
            };
            stage.act(&operator, Crowdsourcing, page, &sweep).await?;
        }
        let reconcile = ExecuteMsg::Reconcile {
            ledger: Ledger::Programme { programme: 1 },
            limit: None,
        };
        let all = case("a programme", self.people.len(), LENGTH);
        stage.act(&operator, Crowdsourcing, all, &reconcile).await?;
        let withdraw = ExecuteMsg::Withdraw {
            amount: Uint128::one(),
            recipient: None,
        };
        stage.act(&operator, Crowdsourcing, BARE, &withdraw).await?;
        Ok(())
    }
}

/// Raises tasks, which are all in the state `state`.
async fn raise(stage: &mut Stage, state: &str, tasks: std::ops::Range<u64>) -> Result<()> {
    let operator = stage.operator.clone();
    let raises = tasks.map(|task| RaiseInput {
        task: Uint64::new(task),
        incentive: Uint64::new(INCENTIVE + 10_000),
    });
    let raises: Vec<RaiseInput> = raises.collect();
    let batch = case(state, raises.len(), 0);
    let raise = ExecuteMsg::RaiseTasks { raises };
    stage.act(&operator, Crowdsourcing, batch, &raise).await?;
    Ok(())
}
