//! What a large solution reads and writes, in the chain's prices for storage.

use std::cell::Cell;
use std::marker::PhantomData;

use cosmwasm_std::testing::{MockApi, MockQuerier, MockStorage, message_info, mock_env};
use cosmwasm_std::{
    Addr, Binary, ContractResult, Empty, Env, MessageInfo, Order, OwnedDeps, Record, Response,
    Storage, SystemResult, Uint64, Uint128, WasmQuery, coins, from_json, to_json_binary,
};
use gridweave_market::contract;
use gridweave_rules::market::Trade;
use gridweave_testkit::market::{BOND, packed, trade};
use gridweave_types::assets::{self, PermitClass, Side};
use gridweave_types::grid::{self, OperatorResponse};
use gridweave_types::market::{
    Bond, ExecuteMsg, FeederLimits, InstantiateMsg, Limits, Objective, Pricing, Reward,
};
use gridweave_units::{Interval, IntervalSet};

/// The SDK's prices: flat and per byte, of reads and of writes.
const READ: (u64, u64) = (1_000, 3);
const WRITE: (u64, u64) = (2_000, 30);

/// A storage that adds up what the chain would charge.
#[derive(Default)]
struct Priced {
    inner: MockStorage,
    reads: Cell<u64>,
    writes: u64,
}

impl Storage for Priced {
    fn get(&self, key: &[u8]) -> Option<Vec<u8>> {
        let value = self.inner.get(key);
        let bytes = key.len() + value.as_ref().map_or(0, Vec::len);
        self.reads
            .set(self.reads.get() + READ.0 + READ.1 * bytes as u64);
        value
    }

    fn set(&mut self, key: &[u8], value: &[u8]) {
        assert!(
            value.len() <= 128 * 1024,
            "a value of {} bytes",
            value.len()
        );
        self.writes += WRITE.0 + WRITE.1 * (key.len() + value.len()) as u64;
        self.inner.set(key, value);
    }

    fn remove(&mut self, key: &[u8]) {
        self.writes += 1_000;
        self.inner.remove(key);
    }

    fn range<'a>(
        &'a self,
        start: Option<&[u8]>,
        end: Option<&[u8]>,
        order: Order,
    ) -> Box<dyn Iterator<Item = Record> + 'a> {
        Box::new(self.inner.range(start, end, order).inspect(|(key, value)| {
            let bytes = (key.len() + value.len()) as u64;
            self.reads.set(self.reads.get() + 30 + READ.1 * bytes);
        }))
    }
}

struct Chain {
    deps: OwnedDeps<Priced, MockApi, MockQuerier, Empty>,
    env: Env,
}

impl Chain {
    fn new() -> Self {
        let api = MockApi::default();
        let (operator, grid, assets) = (
            api.addr_make("operator"),
            api.addr_make("grid"),
            api.addr_make("assets"),
        );
        let env = mock_env();
        let genesis = env.block.time.seconds() as u32 + 1_000;
        let querier = siblings(&operator, &grid, genesis);
        let deps = OwnedDeps {
            storage: Priced::default(),
            api,
            querier,
            custom_query_type: PhantomData,
        };
        let mut chain = Self { deps, env };
        let info = message_info(&operator, &[]);
        contract::instantiate(
            chain.deps.as_mut(),
            chain.env.clone(),
            info,
            terms(&grid, &assets),
        )
        .expect("terms in range");
        for feeder in 0..10 {
            let limits = Uint64::new(1_000_000_000);
            let limits = FeederLimits {
                export: limits,
                import: limits,
                consumption: limits,
                production: limits,
            };
            let message = ExecuteMsg::SetFeederLimits { feeder, limits };
            chain.run(message_info(&operator, &[]), message);
        }
        let bond = coins(BOND, "umoney");
        let solver = message_info(&chain.solver(), &bond);
        chain.run(solver, ExecuteMsg::RegisterSolver {});
        chain
    }

    fn solver(&self) -> Addr {
        self.deps.api.addr_make("solver")
    }

    /// The answer, and what storage costs.
    fn run(&mut self, info: MessageInfo, message: ExecuteMsg) -> (Response, u64, u64) {
        self.deps.storage.reads.set(0);
        self.deps.storage.writes = 0;
        let env = self.env.clone();
        let answer = contract::execute(self.deps.as_mut(), env, info, message);
        let (reads, writes) = (self.deps.storage.reads.get(), self.deps.storage.writes);
        (answer.expect("a valid message"), reads, writes)
    }

    fn post(&mut self, number: u32, side: Side) -> (u64, u64) {
        let holder = self.deps.api.addr_make(&format!("holder {number}"));
        let message = ExecuteMsg::PostOffer {
            permit: PermitClass {
                side,
                feeder: number % 10,
                intervals: IntervalSet::span(Interval(1), 96).expect("a day"),
            },
            energy: Uint64::new(1_000),
            price: Uint64::new(if side == Side::Sell { 10_000 } else { 20_000 }),
        };
        let (_, reads, writes) = self.run(message_info(&holder, &[]), message);
        (reads, writes)
    }

    fn submit(&mut self, trades: &[Trade], certificate: Option<Binary>) -> (Response, u64, u64) {
        let message = ExecuteMsg::SubmitSolution {
            round: 0,
            trades: packed(0, trades),
            certificate,
            salt: None,
        };
        let solver = self.solver();
        self.run(message_info(&solver, &[]), message)
    }
}

/// What `grid` and `assets` answer.
fn siblings(operator: &Addr, grid: &Addr, genesis: u32) -> MockQuerier {
    let mut querier = MockQuerier::default();
    let (office, register) = (operator.clone(), grid.clone());
    querier.update_wasm(move |query| {
        let WasmQuery::Smart { contract_addr, msg } = query else {
            panic!("only smart queries");
        };
        let answer = if *contract_addr == register.to_string() {
            let asked: grid::QueryMsg = from_json(msg).expect("a grid query");
            assert_eq!(asked, grid::QueryMsg::Operator {});
            to_json_binary(&OperatorResponse {
                operator: office.clone(),
                proposed: None,
            })
        } else {
            to_json_binary(&assets::ConfigResponse {
                grid: register.clone(),
                billing: None,
                denom: "umoney".into(),
                genesis,
                interval_seconds: 900,
                price_limit: Uint64::new(1_000_000),
            })
        };
        SystemResult::Ok(ContractResult::Ok(answer.expect("serializes")))
    });
    querier
}

fn terms(grid: &Addr, assets: &Addr) -> InstantiateMsg {
    InstantiateMsg {
        grid: grid.to_string(),
        assets: assets.to_string(),
        objective: Objective::Energy,
        pricing: Pricing::Solver,
        clearing: 1,
        limits: Limits {
            address_offers: 1,
            book: 16_384,
            offer_energy: Uint64::new(1_000_000),
            offer_price: Uint64::new(1_000_000),
            horizon: 128,
            message_trades: 6_000,
            interval_trades: 6_000,
        },
        bond: Bond {
            amount: Uint128::new(BOND),
            infeasible: Uint128::zero(),
            withheld: Uint128::zero(),
        },
        reward: Reward {
            rate: Uint64::zero(),
            interval_cap: Uint128::zero(),
            uncertified_ppm: 0,
        },
        reveal: None,
    }
}

/// 5,000 trades between 2,500 sellers and 2,500 buyers, spread over 96 intervals or all in one.
fn solution(energy: u64, spread: bool) -> Vec<Trade> {
    let mut trades: Vec<Trade> = (0..5_000u32)
        .map(|n| {
            let interval = if spread { 1 + n % 96 } else { 1 };
            let (seller, buyer) = (1 + n % 2_500, 2_501 + (n + n / 2_500) % 2_500);
            trade(interval, seller, buyer, energy, 15_000)
        })
        .collect();
    trades.sort_by_key(Trade::key);
    trades
}

/// Storage leaves most of a budget of 100M gas to arithmetic and the message itself.
#[test]
fn five_thousand_trades_fit_a_transaction() {
    let mut chain = Chain::new();
    let mut most = (0, 0);
    for number in 1..=5_000 {
        let side = if number <= 2_500 {
            Side::Sell
        } else {
            Side::Buy
        };
        let cost = chain.post(number, side);
        most = (most.0.max(cost.0), most.1.max(cost.1));
    }
    println!(
        "an offer: at most {} gas of reads, {} of writes",
        most.0, most.1
    );
    // However large the book is, an offer costs the same.
    assert!(most.0 + most.1 < 100_000, "{most:?}");
    for spread in [true, false] {
        let trades = solution(if spread { 100 } else { 110 }, spread);
        let bytes = packed(0, &trades).len();
        let (answer, reads, writes) = chain.submit(&trades, None);
        assert_eq!(answer.attributes[0].value, "solution_accepted");
        println!("5,000 trades ({bytes} bytes): {reads} gas of reads, {writes} of writes");
        assert!(reads + writes < 12_000_000, "{reads} + {writes}");
    }
    // A certificate reads the whole book once.
    let certificate = gridweave_rules::market::Certificate {
        scale: 1,
        intervals: Vec::new(),
    };
    let trades = solution(120, true);
    let (answer, reads, writes) = chain.submit(&trades, Some(certificate.to_bytes().into()));
    assert_eq!(answer.attributes[0].value, "solution_accepted");
    println!("with a certificate: {reads} gas of reads, {writes} of writes");
    assert!(reads + writes < 14_000_000, "{reads} + {writes}");
}
