//! The problem DCM of a whole community, which nobody in a real one could solve: it needs all that
//! homes keep to themselves. It is what sessions are compared with.

use gridweave_model::prosumers::{Community, HomeSchedule};

use super::vars::{HomeVars, TradeLimits};
use crate::error::{OptimError, Problem};
use crate::program::Program;
use crate::solver::Solver;

/// Relative tolerance of gap and feasibility.
const TOLERANCE: f64 = 1e-9;

/// Whether homes may trade with each other.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Trading {
    /// Net sales of all homes sum to zero in every interval: the sum of Y(10) over all pairs. On a
    /// complete trading graph whose limits do not bind this is the same problem as bilateral trade.
    Pool,
    /// None.
    None,
}

/// Optimum of DCM.
#[derive(Debug, Clone, PartialEq)]
pub struct CommunityOptimum {
    /// Cost of all homes, the constants of the discomforts included (currency).
    pub cost: f64,
    /// Cost of each home before payments for trade (currency).
    pub costs: Vec<f64>,
    /// Schedule of each home.
    pub homes: Vec<HomeSchedule>,
    /// Price of energy in the pool by interval: what one more kW costs (currency per kW and interval),
    /// the dual of the balance of trades. Zeros without trade.
    pub prices: Vec<f64>,
}

/// Solves DCM as one quadratic program.
///
/// # Errors
/// [`OptimError::BadCommunity`] names a value that is not what it must be; [`OptimError::NotSolved`],
/// for instance when a home is infeasible.
pub fn solve_community(
    community: &Community,
    trading: Trading,
) -> Result<CommunityOptimum, OptimError> {
    community.check().map_err(OptimError::BadCommunity)?;
    let mut program = Program::default();
    let limits = match trading {
        Trading::Pool => TradeLimits::Own,
        Trading::None => TradeLimits::Elsewhere,
    };
    let homes: Vec<HomeVars> = community
        .homes
        .iter()
        .map(|home| HomeVars::add(&mut program, community, home, 1, limits, None))
        .collect();
    let rows = program.equalities();
    for t in 0..community.horizon {
        let traded = homes.iter().map(|home| (home.trade.start + t, 1.0));
        match trading {
            Trading::Pool => {
                program.equal(traded.collect(), 0.0);
            }
            Trading::None => traded.for_each(|term| {
                program.equal(vec![term], 0.0);
            }),
        }
    }
    let (quadratic, linear) = (program.quadratic(), program.linear());
    let mut solver = Solver::new(Problem::Community, &program, quadratic, linear, TOLERANCE)?;
    let solution = solver.solve()?;
    Ok(read(
        community,
        trading,
        &homes,
        &solution.x,
        &solution.z[rows..],
    ))
}

fn read(
    community: &Community,
    trading: Trading,
    vars: &[HomeVars],
    x: &[f64],
    duals: &[f64],
) -> CommunityOptimum {
    let homes: Vec<HomeSchedule> = vars.iter().map(|home| home.schedule(x)).collect();
    let pairs = homes.iter().zip(&community.homes);
    let costs: Vec<f64> = pairs
        .map(|(schedule, home)| schedule.cost(community, home).total())
        .collect();
    let prices = match trading {
        Trading::Pool => duals[..community.horizon].iter().map(|z| -z).collect(),
        Trading::None => vec![0.0; community.horizon],
    };
    CommunityOptimum {
        cost: costs.iter().sum(),
        costs,
        homes,
        prices,
    }
}
