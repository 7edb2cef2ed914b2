//! A home in a pool session.

use gridweave_optim::prosumers::HomeProblem;

use crate::local::PoolTask;
use crate::{AgentError, Answer, LocalProblem, Task};

/// Relative margin on a claimed best-response value, above the solver's tolerance: the bound of
/// the certificate must not rest on a claim that is too small.
const CLAIM_MARGIN: f64 = 1e-7;

/// A home that answers with what it sells, besides what it has agreed to sell before.
pub struct Home {
    problem: HomeProblem,
    /// Net sales agreed before (kW), which the session changes; none at the beginning.
    agreed: Vec<f64>,
}

impl Home {
    /// A home with nothing agreed, over `horizon` intervals.
    pub fn new(problem: HomeProblem, horizon: usize) -> Self {
        Self::agreeing(problem, vec![0.0; horizon])
    }

    /// A home that has agreed to sell `agreed` (kW) and trades changes of it.
    pub fn agreeing(problem: HomeProblem, agreed: Vec<f64>) -> Self {
        Self { problem, agreed }
    }

    fn beyond_agreed(&self, sales: &[f64]) -> Vec<f64> {
        let pairs = sales.iter().zip(&self.agreed);
        pairs.map(|(sold, agreed)| sold - agreed).collect()
    }

    fn with_agreed(&self, changes: &[f64]) -> Vec<f64> {
        let pairs = changes.iter().zip(&self.agreed);
        pairs.map(|(change, agreed)| change + agreed).collect()
    }

    /// `max p·x − f(x)` over the changes of what is agreed, rounded up a little.
    fn claim(&mut self, settlement: &[f64]) -> Result<f64, AgentError> {
        let (value, _) = self.problem.best_response(settlement)?;
        let pairs = settlement.iter().zip(&self.agreed);
        let agreed: f64 = pairs.map(|(price, sold)| price * sold).sum();
        Ok(value - agreed + CLAIM_MARGIN * (1.0 + value.abs()))
    }

    /// The private cost of `plan`, if it can be delivered.
    fn confirmation(&mut self, plan: &[f64]) -> Option<f64> {
        let sales = self.with_agreed(plan);
        match self.problem.settle(&sales) {
            Ok(answer) => Some(answer.cost),
            Err(error) => {
                tracing::debug!(%error, "plan cannot be delivered");
                None
            }
        }
    }

    fn sales(&mut self, task: &Task, pool: &PoolTask) -> Result<Vec<f64>, AgentError> {
        let Some((rho, centre)) = task.queries.first() else {
            return Err(AgentError::Unexpected {
                what: "number of queries",
                found: "0".into(),
                expected: "1",
            });
        };
        let centre = self.with_agreed(centre);
        let answer = self
            .problem
            .respond(&task.prices, &centre, rho / pool.mobility)?;
        Ok(self.beyond_agreed(&answer.trade))
    }
}

impl LocalProblem for Home {
    fn answer(&mut self, task: &Task) -> Result<Answer, AgentError> {
        let Some(pool) = &task.pool else {
            return Err(AgentError::Unexpected {
                what: "assignment",
                found: "one without a pool".into(),
                expected: "that of a pool session",
            });
        };
        let mut claims = vec![self.claim(&pool.settlement)?];
        if !pool.plan.is_empty() {
            claims.extend(self.confirmation(&pool.plan));
        }
        let payload = match pool.closing {
            true => Vec::new(),
            false => self.sales(task, pool)?,
        };
        Ok(Answer { payload, claims })
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use gridweave_model::prosumers::{Community, ProsumerScenario};

    fn community() -> Community {
        let scenario = ProsumerScenario::shipped("prosumers-100").unwrap();
        scenario.with_homes(2).build().unwrap()
    }

    fn task(community: &Community, plan: Vec<f64>) -> Task {
        let price = community.tariff.energy_charge.clone();
        Task {
            round: 2,
            queries: vec![(0.1, vec![0.0; 24])],
            prices: price.clone(),
            pool: Some(PoolTask {
                mobility: 4.0,
                closing: false,
                settlement: price,
                plan,
            }),
        }
    }

    #[test]
    fn agreed_sales_only_shift_the_answers() {
        let community = community();
        let problem = || HomeProblem::new(&community, 0, 1).unwrap();
        let mut fresh = Home::new(problem(), 24);
        let agreed: Vec<f64> = (0..24).map(|t| 0.1 * f64::from(t % 3)).collect();
        let mut bound = Home::agreeing(problem(), agreed.clone());
        let mut task = task(&community, agreed.clone());
        let first = fresh.answer(&task).unwrap();
        // The same centre and plan, seen from what is agreed.
        task.queries[0].1 = agreed.iter().map(|a| -a).collect();
        task.pool.as_mut().unwrap().plan = vec![0.0; 24];
        let second = bound.answer(&task).unwrap();
        for ((x, u), a) in first.payload.iter().zip(&second.payload).zip(&agreed) {
            assert!((x - u - a).abs() < 1e-5, "{x} {u} {a}");
        }
        assert!((first.claims[1] - second.claims[1]).abs() < 1e-6);
        let paid: f64 = agreed.iter().zip(&task.prices).map(|(x, p)| x * p).sum();
        assert!((first.claims[0] - second.claims[0] - paid).abs() < 1e-5);
    }

    #[test]
    fn plans_beyond_reach_are_not_confirmed() {
        let community = community();
        let mut home = Home::new(HomeProblem::new(&community, 0, 1).unwrap(), 24);
        let good = home.answer(&task(&community, vec![0.1; 24])).unwrap();
        assert_eq!((good.payload.len(), good.claims.len()), (24, 2));
        let far = home.answer(&task(&community, vec![100.0; 24])).unwrap();
        assert_eq!(far.claims.len(), 1);
        let mut closing = task(&community, vec![0.1; 24]);
        closing.pool.as_mut().unwrap().closing = true;
        let last = home.answer(&closing).unwrap();
        assert!(last.payload.is_empty());
        assert_eq!(last.claims, good.claims);
    }
}
