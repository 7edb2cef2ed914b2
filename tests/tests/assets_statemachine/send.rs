//! Operations as messages.

use cosmwasm_std::{Addr, StdResult};
use cw_multi_test::AppResponse;
use gridweave_testkit::assets::send::{
    credit, deposit_energy, expire, issue, lock, pay_out, release, retire, settle, withdraw,
};
use gridweave_testkit::assets::{claim, trade};
use gridweave_types::assets::{Asset, ClaimClass, ExecuteMsg, Payee, PermitClass, PermitPart};
use gridweave_units::{Interval, IntervalSet};

use crate::model::{Claim, Class};
use crate::operation::{Operation, Payment};
use crate::system::System;

fn set(intervals: impl IntoIterator<Item = u32>) -> IntervalSet {
    IntervalSet::of(intervals.into_iter().map(Interval)).expect("near each other")
}

pub fn class(class: &Class) -> PermitClass {
    PermitClass {
        side: class.side,
        feeder: class.feeder,
        intervals: set(class.set.iter().copied()),
    }
}

pub fn claim_class(class: Claim) -> ClaimClass {
    claim(class.0, class.1, class.2)
}

impl System {
    /// Sends an operation.
    pub fn dispatch(&mut self, operation: &Operation) -> StdResult<AppResponse> {
        use Operation as O;
        let operator = self.assets.operator.clone();
        let (sender, message) = match operation {
            O::Pass(seconds) => {
                self.assets.billing.chain.pass(*seconds);
                return Ok(AppResponse::default());
            }
            O::Fund(holder, amount) => {
                let holder = self.holders[*holder].clone();
                return self.assets.fund(&holder, *amount);
            }
            O::Return(holder, amount) => {
                let holder = self.holders[*holder].clone();
                return self.assets.return_money(&holder, *amount);
            }
            O::Withdraw(holder, amount) => (self.holders[*holder].clone(), withdraw(*amount)),
            O::Register(_) | O::Remove(_) | O::Limit(..) | O::Issue(_) => {
                (operator, self.of_operator(operation))
            }
            O::Credit(rows) => {
                let accounts: Vec<Addr> = rows.iter().map(|row| self.account(row.0)).collect();
                let rows = accounts.iter().zip(rows);
                let rows: Vec<_> = rows.map(|(account, row)| (account, row.1, row.2)).collect();
                (operator, credit(&rows))
            }
            O::PayOut(rows) => (operator, self.payments(rows)),
            O::Lock(market, offer, wanted) => {
                let holder = &self.holders[wanted.holder];
                let permit = class(&wanted.class);
                let message = lock(*offer, holder, permit, wanted.energy, wanted.money);
                (self.markets[*market].clone(), message)
            }
            O::Settle(market, t, trades) => {
                let trades = trades
                    .iter()
                    .map(|row| trade(row.seller, row.buyer, row.energy, row.payment));
                let trades: Vec<_> = trades.collect();
                (self.markets[*market].clone(), settle(*t, &trades))
            }
            O::Release(market, offers) => (self.markets[*market].clone(), release(offers)),
            O::Deposit(holder, claims, called) => {
                let claims = claims.iter().map(|row| (claim_class(row.0), row.1));
                let claims: Vec<_> = claims.collect();
                let holder = self.holders[*holder].clone();
                let sender = if *called { operator } else { holder.clone() };
                (sender, deposit_energy(Some(&holder), &claims))
            }
            O::Split(holder, ..)
            | O::Expire(holder, _)
            | O::RetirePermit(holder, ..)
            | O::RetireClaim(holder, ..) => {
                let holder = self.holders[*holder].clone();
                let message = of_holder(operation, &holder);
                (holder, message)
            }
        };
        self.assets.send(&sender, &message, 0)
    }

    fn of_operator(&self, operation: &Operation) -> ExecuteMsg {
        match operation {
            Operation::Register(market) => ExecuteMsg::RegisterMarket {
                market: self.markets[*market].to_string(),
            },
            Operation::Remove(market) => ExecuteMsg::RemoveMarket {
                market: self.markets[*market].to_string(),
            },
            Operation::Limit(feeder, limit) => ExecuteMsg::SetIssueLimit {
                feeder: *feeder,
                limit: limit.map(Into::into),
            },
            Operation::Issue(rows) => {
                let rows = rows.iter().map(|(holder, permit, energy)| {
                    (&self.holders[*holder], class(permit), *energy)
                });
                issue(&rows.collect::<Vec<_>>())
            }
            other => panic!("{other:?} is not the operator's"),
        }
    }

    fn payments(&self, rows: &[(Payment, u128)]) -> ExecuteMsg {
        let suite = &self.assets.billing.chain.suite;
        let rows = rows.iter().map(|(payee, amount)| {
            let payee = match payee {
                Payment::Person => Payee::Address(suite.address("person").into()),
                Payment::Home => Payee::Account(self.account(0).into()),
                Payment::Stranger => Payee::Account(suite.address("stranger").into()),
            };
            (payee, *amount)
        });
        pay_out(&rows.collect::<Vec<_>>())
    }
}

fn of_holder(operation: &Operation, holder: &Addr) -> ExecuteMsg {
    match operation {
        Operation::Split(_, from, parts) => ExecuteMsg::Split {
            class: class(from),
            parts: parts
                .iter()
                .map(|(part, energy)| PermitPart {
                    intervals: set(part.iter().copied()),
                    energy: (*energy).into(),
                })
                .collect(),
        },
        Operation::Expire(_, permit) => expire(holder, class(permit)),
        Operation::RetirePermit(_, permit, energy) => retire(Asset::Permit(class(permit)), *energy),
        Operation::RetireClaim(_, claim, energy) => {
            retire(Asset::Claim(claim_class(*claim)), *energy)
        }
        other => panic!("{other:?} is not a holder's"),
    }
}
