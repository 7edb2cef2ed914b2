//! The operator's algorithm against the contract itself, with a crowd that declines, amends, leaves and
//! lets offers expire as it likes: every shortage and surplus is met before its interval begins, by crowd
//! or generators, and no budget is exceeded, as long as the operator works and one generator has room.

mod deeds;
#[path = "../algorithm/plan.rs"]
mod plan;
mod stage;

use gridweave_agents::crowdsourcing::{Line, Operator, Step};
use gridweave_agents::settler::Settler;
use gridweave_audit::{Auditor, EventLog, Subject};
use gridweave_chain::Chain;
use gridweave_chain::embedded::{CHAIN_ID, GENESIS_SECONDS};
use gridweave_types::crowdsourcing::{
    BudgetResponse, ExecuteMsg, Ledger, LedgerResponse, QueryMsg, StatementsResponse,
};
use proptest::prelude::*;

use deeds::{Amendment, Deed, amendment, deed};
use plan::{FixedPlan, INTERVALS, plan};
use stage::{DEADLINE, FIRST, INTERVAL, Stage, TASK};

/// Steps after which something is wrong.
const MOST_STEPS: usize = 500;
const PROGRAMME: Ledger = Ledger::Programme { programme: 1 };

/// A life of the programme.
struct Life {
    stage: Stage,
    amendments: Vec<Amendment>,
    /// What members do, over and over.
    deeds: Vec<Deed>,
    done: usize,
    /// First interval of the programme that has not begun.
    next: u32,
}

impl Life {
    /// Lives it with a new operator after every `lifetime` steps.
    async fn live(mut self, lifetime: usize) {
        let mut operator = Operator::new(FixedPlan);
        for count in 1..MOST_STEPS {
            if count % lifetime == 0 {
                operator = Operator::new(FixedPlan);
            }
            let platform = self.stage.platform();
            let step = operator.step(&platform).await.unwrap();
            self.check_budgets().await;
            match step {
                Step::Did(Line::Contracts) => self.stage.sign().await,
                Step::Did(_) => {}
                Step::Waits(Line::Preferences) => self.prefer().await,
                Step::Waits(Line::Answers) => self.answer().await,
                Step::Waits(Line::Reconcile) => self.settle().await,
                Step::Waits(_) => self.begin_next().await,
                Step::Done => return self.check_end().await,
            }
        }
        panic!("no end after {MOST_STEPS} steps");
    }

    async fn prefer(&self) {
        for amendment in &self.amendments {
            assert!(amendment.submit(&self.stage).await, "{amendment:?}");
        }
        self.stage.until(DEADLINE).await;
    }

    /// Everybody does something; where that answers nothing, offers run out.
    async fn answer(&mut self) {
        let mut answered = false;
        for who in 0..self.stage.members.len() {
            let deed = &self.deeds[self.done % self.deeds.len()];
            answered |= self.stage.act(who, deed).await;
            self.done += 1;
        }
        self.check_budgets().await;
        if !answered {
            self.stage.chain.advance_block(TASK).await.unwrap();
        }
    }

    /// The next interval begins, which is covered.
    async fn begin_next(&mut self) {
        for (feeder, shortages) in plan().shortage.iter().enumerate() {
            let shortage = shortages[self.next as usize];
            let budget = self.budget(feeder, self.next).await;
            let covered = budget.accepted.i64() + budget.supplemented.i64();
            let met = covered * shortage.signum() >= shortage.abs();
            assert!(met, "{shortage} Wh in {}: {budget:?}", self.next);
        }
        let begin = GENESIS_SECONDS + u64::from(FIRST + self.next) * INTERVAL;
        let now = self.stage.chain.time().await.unwrap();
        assert!(now < begin, "interval {} has begun", self.next);
        self.stage.until(begin).await;
        self.next += 1;
    }

    /// Intervals become final, their tasks are paid.
    async fn settle(&self) {
        let keeper = self.stage.chain.signer("keeper").await.unwrap();
        let mut settler = Settler::new(keeper.clone(), self.stage.contracts.clone(), 0);
        self.stage.chain.advance_block(INTERVAL).await.unwrap();
        settler.turn(&self.stage.chain).await.unwrap();
        for interval in FIRST..FIRST + INTERVALS {
            let sweep = ExecuteMsg::Sweep {
                interval,
                start_after: None,
                limit: None,
            };
            self.stage.send(&keeper, &sweep).await.unwrap();
        }
    }

    async fn budget(&self, feeder: usize, interval: u32) -> BudgetResponse {
        let platform = self.stage.platform();
        platform.budget(feeder, interval).await.unwrap()
    }

    async fn check_budgets(&self) {
        for (feeder, interval) in (0..2).flat_map(|f| (0..INTERVALS).map(move |t| (f, t))) {
            let found = self.budget(feeder, interval).await;
            let parts = [found.reserved, found.committed, found.paid, found.free];
            let sum: cosmwasm_std::Uint128 = parts.iter().sum();
            assert_eq!(found.budget, sum, "{found:?}");
        }
    }

    /// Statements sum to the account, and an auditor finds nothing.
    async fn check_end(&self) {
        assert_eq!(self.next, INTERVALS);
        let account: LedgerResponse = self
            .stage
            .ask(&QueryMsg::Ledger { ledger: PROGRAMME })
            .await;
        assert!(account.complete && account.open == 0, "{account:?}");
        let query = QueryMsg::Statements {
            ledger: PROGRAMME,
            start_after: None,
            limit: Some(100),
        };
        let page: StatementsResponse = self.stage.ask(&query).await;
        let paid = page.statements.iter().map(|row| row.totals.paid);
        assert_eq!(paid.sum::<cosmwasm_std::Uint128>(), account.totals.paid);
        let subject = Subject::of(CHAIN_ID, &self.stage.contracts);
        let log = EventLog::of(&self.stage.chain, subject).await.unwrap();
        let mut auditor = Auditor::of(log.subject.clone(), &log.events).unwrap();
        auditor.ask(&self.stage.chain).await.unwrap();
        assert_eq!(auditor.findings().first, None);
    }
}

proptest! {
    #![proptest_config(ProptestConfig {
        cases: 10,
        failure_persistence: None,
        ..ProptestConfig::default()
    })]

    #[test]
    fn every_shortage_is_met_within_the_budget_whatever_the_crowd_does(
        amendments in prop::collection::vec(amendment(), 0..6),
        deeds in prop::collection::vec(deed(), 1..40),
        budget in prop_oneof![Just(0u128), 1..60_000u128, 60_000..200_000u128],
        lifetime in 2usize..40,
    ) {
        let runtime = tokio::runtime::Builder::new_current_thread().build().unwrap();
        runtime.block_on(async {
            let stage = Stage::new(budget).await;
            let life = Life { stage, amendments, deeds, done: 0, next: 0 };
            life.live(lifetime).await;
        });
    }
}
