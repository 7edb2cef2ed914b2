//! The homes of an embedded run with all that is around them: counter, meters, bills.

use anyhow::{Context, Result, bail};
use gridweave_agents::ledger;
use gridweave_agents::settler::Settler;
use gridweave_chain::{Chain, Signer};

use super::neighbours::{Neighbour, Neighbours, settle_in};
use super::outcome::final_trades;
use super::plans::home_name;
use super::problem::Problem;
use super::residents::Residents;
use super::rolling::Diary;
use super::world::World;
use crate::run::bills::Bills;
use crate::run::stage::meter_key;

/// Name of the key that carries the meters' messages.
const CARRIER: &str = "meters";

/// Who lives on the market, and with bills what becomes of them.
pub struct Street {
    /// The counter and the homes.
    pub residents: Residents,
    /// Who meters and bills them.
    pub bills: Option<Accounts>,
}

/// The homes' meters and who settles their bills.
pub struct Accounts {
    neighbours: Neighbours,
    settler: Settler,
}

impl Street {
    /// Opens the homes' accounts, if there are to be `bills`, and the counter, which issues what the first
    /// round takes.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn open(
        world: &World,
        problem: &Problem,
        bills: bool,
        diary: &mut Diary,
    ) -> Result<Self> {
        let (chain, contracts) = (&world.chain, &world.contracts);
        let mut signers = Vec::with_capacity(problem.homes.feeders.len());
        for home in 0..problem.homes.feeders.len() {
            signers.push(chain.signer(&home_name(home)).await?);
        }
        let accounts = match bills {
            true => {
                let homes = signers.iter().map(neighbour).collect::<Result<Vec<_>>>()?;
                settle_in(chain, contracts, &world.operator, (problem, &homes)).await?;
                let carrier = chain.signer(CARRIER).await?;
                let settler = Settler::new(world.keeper.clone(), contracts.clone(), 0);
                Some(Accounts {
                    neighbours: Neighbours::new(chain, contracts, carrier, (problem, &homes, 0)),
                    settler: settler.until(problem.horizon),
                })
            }
            false => None,
        };
        let moved = Residents::move_in(world, problem, (&signers, bills), diary);
        let mut residents = moved.await?;
        residents.turn(world, diary).await?;
        residents.serve().await?;
        Ok(Self {
            residents,
            bills: accounts,
        })
    }

    /// When interval `round` is final: claims and money go back to the operator and on to the accounts,
    /// permits of the next round are issued, meters read, what is due is settled.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn end_of(
        &mut self,
        world: &World,
        problem: &Problem,
        round: u32,
        diary: &mut Diary,
    ) -> Result<()> {
        self.residents.turn(world, diary).await?;
        self.residents
            .serve()
            .await
            .with_context(|| format!("what the operator does after interval {round}"))?;
        if let Some(Accounts {
            neighbours,
            settler,
        }) = &mut self.bills
        {
            let (chain, market) = (&world.chain, &world.market.market);
            let (trades, _) = final_trades(chain, market, &diary.register, (round, 0)).await?;
            neighbours.read(problem, round, &trades);
            neighbours.report(chain).await?;
            settler.turn(chain).await?;
        }
        Ok(())
    }
}

impl Accounts {
    /// Lives on until all statements are final, and reads the bills.
    ///
    /// # Errors
    /// A contract refuses, or a statement stays open.
    pub async fn finish(self, world: &World) -> Result<Bills> {
        let (chain, contracts) = (&world.chain, &world.contracts);
        let (mut neighbours, mut settler) = (self.neighbours, self.settler);
        let end = neighbours.final_at(chain, contracts).await?;
        let terms = ledger::terms(chain, &contracts.billing).await?;
        let step = u64::from(terms.interval_seconds);
        loop {
            chain.advance_block(step).await?;
            neighbours.report(chain).await?;
            if settler.turn(chain).await? {
                break;
            }
            if chain.time().await? > end + step {
                bail!("the day is final and not all of its statements are");
            }
        }
        let billing = contracts.billing.as_str();
        let balance = chain.balance(billing, &terms.denom).await?;
        neighbours.bills(chain, contracts, balance).await
    }
}

fn neighbour(signer: &Signer) -> Result<Neighbour> {
    Ok(Neighbour {
        account: signer.address.clone(),
        meter: meter_key(&signer.name)?,
    })
}
