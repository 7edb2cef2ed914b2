//! Homes with a quadratic cost, playing pool sessions honestly.

use cosmwasm_std::{Binary, StdResult};
use cw_multi_test::AppResponse;
use gridweave_types::coordinator::{
    AssignmentResponse, ParticipantInput, Phase, PoolAssignment, PoolResponse, QueryMsg,
    ScheduleResponse, ScheduleRow, SessionConfig,
};
use gridweave_units::{Acc, Fx, pack};

use crate::coordinator::{Coordinator, HORIZON, numbers};

const T: usize = HORIZON as usize;

/// A home that would like to sell `goal` (kW) and pays `curvature/2·‖x − goal‖²` for selling `x`.
#[derive(Debug, Clone)]
pub struct Home {
    /// What it would like to sell.
    pub goal: Vec<Fx>,
    /// Curvature of its cost, above 0.
    pub curvature: Fx,
    /// Its mobility.
    pub mobility: Fx,
    /// Most that it sells or buys.
    pub limit: Fx,
}

impl Home {
    /// A home with this goal, given in tenths of a kilowatt, and a limit of 5 kW.
    pub fn new(goal: [i32; T], curvature: Fx, mobility: i32) -> Self {
        Self {
            goal: goal.map(|tenths| Fx::ratio(tenths, 10)).to_vec(),
            curvature,
            mobility: Fx::from_int(mobility),
            limit: Fx::from_int(5),
        }
    }

    /// What selling `x` costs it, rounded up.
    pub fn cost(&self, x: &[Fx]) -> Fx {
        let distance = gridweave_rules::distance_squared(x, &self.goal).to_fx();
        self.curvature * distance * Fx::ratio(1, 2) + Fx::DELTA
    }

    /// What it costs not to trade.
    pub fn alone(&self) -> Fx {
        self.cost(&[Fx::ZERO; T])
    }

    /// `argmin f(x) − λ·x + ρ/(2m)·‖x − z‖²`.
    pub fn answer(&self, asked: &AssignmentResponse) -> Vec<Fx> {
        let (copy, price) = (numbers(&asked.centres), numbers(&asked.prices));
        let rho = asked.rho[0] / self.mobility;
        let at = |t: usize| {
            let pull = self.curvature * self.goal[t] + price[t] + rho * copy[t];
            (pull / (self.curvature + rho)).clamp(-self.limit, self.limit)
        };
        (0..T).map(at).collect()
    }

    /// `max p·x − f(x)`, rounded up.
    pub fn best_response(&self, price: &[Fx]) -> Fx {
        let best =
            |t: usize| (self.goal[t] + price[t] / self.curvature).clamp(-self.limit, self.limit);
        let x: Vec<Fx> = (0..T).map(best).collect();
        Acc::dot(price, &x).to_fx() - self.cost(&x) + Fx::from_bits(1 << 8)
    }

    /// Whether it can deliver a plan.
    pub fn delivers(&self, plan: &[Fx]) -> bool {
        plan.iter().all(|power| power.abs() <= self.limit)
    }
}

/// A session of homes; home `i` is prosumer `i`.
pub struct Pool {
    /// The chain.
    pub chain: Coordinator,
    /// Session id.
    pub session: u64,
    /// The homes.
    pub homes: Vec<Home>,
}

impl Pool {
    /// Opens a session.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn open(homes: Vec<Home>, config: SessionConfig) -> Self {
        let mut chain = Coordinator::new(homes.len() as u32);
        let inputs = homes.iter().enumerate();
        let inputs = inputs.map(|(number, home)| input(&chain, number, home));
        let inputs = inputs.collect();
        let session = chain.open(config, inputs, Vec::new());
        Self {
            chain,
            session,
            homes,
        }
    }

    /// What an honest home sends: payload and claims.
    pub fn honest(&self, number: usize) -> (Vec<Fx>, Vec<Fx>) {
        let (home, asked) = (&self.homes[number], self.asked(number));
        let pool = pool_part(&asked);
        let payload = if pool.closing {
            Vec::new()
        } else {
            home.answer(&asked)
        };
        let mut claims = vec![home.best_response(&numbers(&pool.settlement))];
        let plan = numbers(&pool.plan);
        if asked.round > 1 && home.delivers(&plan) {
            claims.push(home.cost(&plan));
        }
        (payload, claims)
    }

    /// What a home is asked.
    pub fn asked(&self, number: usize) -> AssignmentResponse {
        self.chain.assignment(self.session, number)
    }

    /// Sends numbers for a home in the current round.
    ///
    /// # Errors
    /// What the contract refuses.
    pub fn send(&mut self, number: usize, payload: &[Fx], claims: &[Fx]) -> StdResult<AppResponse> {
        let round = self.chain.session(self.session).round;
        self.chain
            .submit(self.session, number, round, payload, claims)
    }

    /// A home answers honestly.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn answer(&mut self, number: usize) -> AppResponse {
        let (payload, claims) = self.honest(number);
        self.send(number, &payload, &claims)
            .expect("an honest iterate")
    }

    /// All homes answer honestly, if the session still runs.
    pub fn round(&mut self) {
        for number in 0..self.homes.len() {
            if self.is_running() && self.asked(number).pending {
                self.answer(number);
            }
        }
    }

    /// Rounds until the session ends.
    pub fn run(&mut self) {
        while self.is_running() {
            self.round();
        }
    }

    /// Whether the session collects iterates.
    pub fn is_running(&self) -> bool {
        self.chain.session(self.session).phase == Phase::Collecting
    }

    /// Price and totals.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn totals(&self) -> PoolResponse {
        let session = self.session;
        self.chain
            .ask(&QueryMsg::Pool { session })
            .expect("a pool session")
    }

    /// Plan and side payment of each home.
    ///
    /// # Panics
    /// When the contract refuses.
    pub fn rows(&self) -> Vec<ScheduleRow> {
        let question = QueryMsg::Schedule {
            session: self.session,
            start_after: None,
            limit: Some(100),
        };
        let answer: ScheduleResponse = self.chain.ask(&question).expect("a pool session");
        answer.rows
    }

    /// What the homes pay together in private when nobody trades.
    pub fn alone(&self) -> Fx {
        self.homes.iter().map(Home::alone).sum()
    }

    /// Asserts that the plans cancel but for the rounding of their parts.
    ///
    /// # Panics
    /// When they do not.
    #[track_caller]
    pub fn assert_balanced(&self) {
        let rows = self.rows();
        for t in 0..T {
            let left: Fx = rows.iter().map(|row| numbers(&row.injection)[t]).sum();
            let allowed = Fx::from_bits(rows.len() as i64);
            assert!(left.abs() <= allowed, "{left} left in interval {t}");
        }
    }
}

/// What only pools ask.
///
/// # Panics
/// When it is no pool.
pub fn pool_part(asked: &AssignmentResponse) -> &PoolAssignment {
    asked.pool.as_ref().expect("a pool session")
}

/// The participant that a home is.
pub fn input(chain: &Coordinator, number: usize, home: &Home) -> ParticipantInput {
    let bound = |limit: Fx| -> Binary { pack(&[limit; T]).into() };
    ParticipantInput {
        account: chain.prosumers[number].to_string(),
        bus: number as u32 + 2,
        lower: bound(-home.limit),
        upper: bound(home.limit),
        baseline: Binary::default(),
        baseline_cost: home.alone(),
        reactive: Binary::default(),
        reports: 0,
        mobility: Some(home.mobility),
    }
}

/// Three homes that gain by trading: one sells at first and buys later, one the other way round, and
/// one would rather sell.
pub fn three() -> Vec<Home> {
    let tenth = |tenths| Fx::ratio(tenths, 10);
    vec![
        Home::new([20, -10, 5], tenth(3), 4),
        Home::new([-15, 12, -8], tenth(2), 1),
        Home::new([3, 4, 6], tenth(5), 1),
    ]
}
