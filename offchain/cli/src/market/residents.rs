//! The operator at its counter and the homes, in one process on the embedded chain.

use std::collections::BTreeMap;
use std::path::Path;
use std::time::Instant;

use anyhow::{Result, ensure};
use gridweave_agents::market::feed::Feed;
use gridweave_chain::Chain;
use gridweave_chain::embedded::EmbeddedChain;
use gridweave_chain::{SecretKey, Signer};
use gridweave_dso::home::{Home, HomeTerms, Moment, Slot};
use gridweave_dso::ledger::IN_MEMORY;
use gridweave_dso::{BatchOrder, Dso, Ledger, Policy};
use gridweave_types::assets::Credit;

use super::order::Order;
use super::plans::{Needs, home_name, home_plans};
use super::problem::Problem;
use super::register::Register;
use super::rolling::Diary;
use super::world::World;

/// Everybody who offers something, and who gives them permits.
pub struct Residents {
    desk: Dso<EmbeddedChain>,
    homes: Vec<Home>,
    order: Order,
    feed: Feed,
}

impl Residents {
    /// Opens the counter for the homes of `problem`, whose accounts are those of `signers`; `hands_back`
    /// says whether they return claims and money. The diary learns which address will be whose.
    ///
    /// # Errors
    /// The chain does not answer.
    pub async fn move_in(
        world: &World,
        problem: &Problem,
        (signers, hands_back): (&[Signer], bool),
        diary: &mut Diary,
    ) -> Result<Self> {
        let chain = &world.chain;
        let policy = Policy {
            order: match problem.shuffled {
                true => BatchOrder::Random,
                false => BatchOrder::Asked,
            },
            // A run has to be repeatable, and whoever reads its log must not know the seed.
            seed: Some(problem.seed),
            open_withdrawals: u32::MAX,
            ..Policy::default()
        };
        let ledger = Ledger::open(Path::new(IN_MEMORY))?;
        let (contracts, operator) = (&world.contracts, &world.operator);
        let desk = Dso::open(chain.clone(), contracts, operator, ledger, policy).await?;
        let mut homes = Vec::with_capacity(signers.len());
        let needs = Needs::of_all(problem);
        let plans = home_plans(problem, 0)?;
        let mut secrets = Vec::with_capacity(signers.len());
        for (home, ((signer, needs), plan)) in signers.iter().zip(needs).zip(plans).enumerate() {
            let who = (home_name(home), problem.homes.feeders[home]);
            let participant = needs.participant(&signer.address, who);
            desk.ledger().enrol_with(&participant, needs.money)?;
            let secret = SecretKey::derived(format!("secret of {}", home_name(home)))?;
            let terms = HomeTerms {
                account: signer.address.clone(),
                secret: secret.clone(),
                post_window: 0,
                deposit_window: hands_back.then_some(0),
                credit: Credit::Account,
                first_interval: 0,
            };
            homes.push(Home::new(chain, &world.market, terms, plan).await?);
            secrets.push(secret);
        }
        expect(chain, problem, &secrets, &mut diary.register).await?;
        Ok(Self {
            desk,
            homes,
            order: Order::new(problem.shuffled, !problem.seed),
            feed: Feed::new(0),
        })
    }

    /// Every home does what there is to do: posts what it got permits for, hands back what was traded,
    /// asks for the next round.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn turn(&mut self, world: &World, diary: &mut Diary) -> Result<()> {
        self.order.arrange(&mut self.homes);
        let moment = Moment::of(&world.chain, &world.market).await?;
        let mut moments = Vec::new();
        for home in &mut self.homes {
            let standing = home.turn_at(&world.chain, &self.desk, moment).await?;
            moments.resize(moments.len() + standing.posted, Instant::now());
        }
        if moments.is_empty() {
            return Ok(());
        }
        let mut moments = moments.into_iter();
        for event in self.feed.news(&world.chain).await? {
            if let Some(number) = diary.register.read(&world.market.market, &event)?
                && let Some(moment) = moments.next()
            {
                diary.waits.begin(number, moment);
            }
        }
        Ok(())
    }

    /// The operator does what there is to do.
    ///
    /// # Errors
    /// A contract refuses.
    pub async fn serve(&self) -> Result<()> {
        self.desk.round().await?;
        Ok(())
    }

    /// That everything has been posted.
    ///
    /// # Errors
    /// Something was not.
    pub fn finish(self, problem: &Problem, diary: &Diary) -> Result<()> {
        let (posted, all) = (diary.register.posted.len(), problem.offers.len());
        ensure!(posted == all, "{posted} of {all} offers were posted");
        Ok(())
    }
}

/// Notes under which address each offer will be posted.
async fn expect(
    chain: &EmbeddedChain,
    problem: &Problem,
    secrets: &[SecretKey],
    register: &mut Register,
) -> Result<()> {
    let mut known: BTreeMap<(usize, Slot), String> = BTreeMap::new();
    for offer in &problem.offers {
        let place = (offer.home, offer.slot);
        let address = match known.get(&place) {
            Some(address) => address.clone(),
            None => {
                let key = offer.slot.key(&secrets[offer.home], 0)?;
                let address = chain.adopt(&key).await?.address;
                known.entry(place).or_insert(address).clone()
            }
        };
        register.expect(&address, *offer);
    }
    Ok(())
}
