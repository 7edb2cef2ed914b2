//! A day of four intervals that nobody has computed.

use gridweave_agents::AgentError;
use gridweave_agents::crowdsourcing::{Ahead, DayPlan, Generator, Member, Planner};
use gridweave_model::Site;
use gridweave_model::crowdsourcing::{Reserve, Term};

/// Its length.
pub const INTERVALS: u32 = 4;

/// A plan that is not computed.
pub struct FixedPlan;

impl Planner for FixedPlan {
    fn plan(&self) -> Result<DayPlan, AgentError> {
        Ok(plan())
    }
}

/// The plan.
pub fn plan() -> DayPlan {
    let ahead = |bus, rate| Ahead {
        bus,
        setpoints: vec![500; INTERVALS as usize],
        rate,
        term: Term::Day,
    };
    DayPlan {
        ahead: vec![ahead(20, 110_000), ahead(3, 95_000)],
        members: vec![member(5, 0), member(6, 0), member(7, 1)],
        generators: vec![
            Generator {
                bus: 20,
                spare: vec![100; INTERVALS as usize],
                price: 200_000,
                output: vec![500; INTERVALS as usize],
                saving: 80_000,
            },
            Generator {
                bus: 1,
                spare: vec![1_000_000; INTERVALS as usize],
                price: 300_000,
                output: vec![1_000_000; INTERVALS as usize],
                saving: 70_000,
            },
        ],
        shortage: vec![vec![0, 900, 400, -600], vec![0, 300, 300, -250]],
    }
}

fn member(bus: u32, feeder: usize) -> Member {
    let battery = gridweave_model::Battery {
        charge_max: 1.0,
        discharge_max: 1.0,
        energy: 4.0,
        eta_in: 1.0,
        eta_out: 1.0,
        soc_min: 0.0,
        soc_max: 1.0,
        soc_start: 0.5,
        soc_end_min: 0.0,
        soc_end_max: 1.0,
    };
    let site = Site {
        batteries: vec![battery],
        ..Site::default()
    };
    Member {
        bus,
        feeder,
        price: vec![100_000; INTERVALS as usize],
        floor: 90_000,
        ceiling: 120_000,
        beyond: vec![200; INTERVALS as usize],
        available: (0, INTERVALS),
        limits: (600, 2_000),
        reserve: Reserve::new(&site, 1.0),
        charge: vec![0.0; INTERVALS as usize],
        wh: 1_000.0,
    }
}
