//! Queries: pages, and what is not there.

use cosmwasm_std::StdResult;
use gridweave_testkit::assert_refused;
use gridweave_testkit::assets::{FAR, buy, sell};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_testkit::market::{LIMIT, Market, packed, trade};
use gridweave_types::market::{
    DraftResponse, ExecuteMsg, FeederResponse, FeedersResponse, IntervalsResponse, OfferResponse,
    OffersResponse, QueryMsg, SolverResponse, SolversResponse,
};

#[test]
fn lists_come_in_pages() {
    let mut market = Market::new();
    let mut solvers = vec![market.solver.clone()];
    for name in ["one", "two", "three"] {
        solvers.push(market.another(name));
    }
    solvers.sort();
    let page = |start_after: Option<String>| QueryMsg::Solvers {
        start_after,
        limit: Some(3),
    };
    let first: SolversResponse = market.ask(&page(None)).unwrap();
    let last = first.solvers[2].solver.to_string();
    let second: SolversResponse = market.ask(&page(Some(last))).unwrap();
    let listed = first.solvers.into_iter().chain(second.solvers);
    let listed: Vec<_> = listed.map(|solver| solver.solver).collect();
    assert_eq!(listed, solvers);

    let feeders: FeedersResponse = market
        .ask(&QueryMsg::Feeders {
            start_after: Some(FEEDER),
            limit: None,
        })
        .unwrap();
    assert_eq!(feeders.feeders.len(), 1);
    assert_eq!(feeders.feeders[0].feeder, FAR);
    assert_eq!(feeders.feeders[0].limits.export.u64(), LIMIT);

    let offers = [1, 2, 3].map(|_| market.post("a", sell("1-9"), 100, 10_000));
    let page: OffersResponse = market
        .ask(&QueryMsg::Offers {
            start_after: Some(offers[0]),
            limit: Some(1),
        })
        .unwrap();
    assert_eq!(page.offers.len(), 1);
    assert_eq!(page.offers[0].offer, offers[1]);
}

#[test]
fn the_candidate_is_shown_interval_by_interval() {
    let mut market = Market::new();
    let seller = market.post("a", sell("1-9"), 100, 10_000);
    let buyer = market.post("c", buy("1-9"), 100, 20_000);
    let trades = [2, 5, 7].map(|interval| trade(interval, seller, buyer, 30, 15_000));
    market.accept(&trades);
    let page: IntervalsResponse = market
        .ask(&QueryMsg::CandidateIntervals {
            start_after: Some(2),
            limit: Some(1),
        })
        .unwrap();
    assert_eq!(page.intervals.len(), 1);
    let shown = &page.intervals[0];
    assert_eq!((shown.interval, shown.trades), (5, 1));
    assert_eq!((shown.finalized, shown.packed.clone()), (false, None));
    assert_eq!(shown.flows.len(), 1);
    assert_eq!(shown.flows[0].sold.u64(), 30);
    assert_eq!(market.trades(7), [trades[2]]);
    let empty = market.interval(3);
    assert_eq!((empty.trades, empty.solution.u64()), (0, 0));
}

#[test]
fn a_draft_says_how_far_it_is() {
    let mut market = Market::new();
    let seller = market.post("a", sell("1-9"), 100, 10_000);
    let buyer = market.post("c", buy("1-9"), 100, 20_000);
    let solver = market.solver.clone();
    let begin = ExecuteMsg::BeginSolution { round: 0 };
    market.send(&solver, &begin, 0).unwrap();
    let append = ExecuteMsg::AppendTrades {
        sequence: 0,
        trades: packed(0, &[trade(1, seller, buyer, 30, 15_000)]),
    };
    market.send(&solver, &append, 0).unwrap();
    let question = QueryMsg::Draft {
        solver: solver.to_string(),
    };
    let draft: DraftResponse = market.ask(&question).unwrap();
    assert_eq!((draft.round, draft.sequence, draft.trades), (0, 1, 1));
    assert_eq!(draft.digest.len(), 32);
}

#[test]
fn what_is_not_there_is_said() {
    let market = Market::new();
    let offer: StdResult<OfferResponse> = market.ask(&QueryMsg::Offer { offer: 0 });
    assert_refused(offer, &"offer: 0 is not open");
    let offer: StdResult<OfferResponse> = market.ask(&QueryMsg::Offer { offer: 1 });
    assert_refused(offer, &"offer: 1 is not open");
    let feeder: StdResult<FeederResponse> = market.ask(&QueryMsg::Feeder { feeder: 99 });
    assert_refused(feeder, &"feeder: 99 has no limits in this market");
    let stranger = market
        .assets
        .billing
        .chain
        .suite
        .address("stranger")
        .to_string();
    let expected = format!("solver: {stranger} is not registered");
    let solver: StdResult<SolverResponse> = market.ask(&QueryMsg::Solver { solver: stranger });
    assert_refused(solver, &expected);
    let solver = market.solver.to_string();
    let expected = format!("solver: {solver} has no solution begun");
    let draft: StdResult<DraftResponse> = market.ask(&QueryMsg::Draft { solver });
    assert_refused(draft, &expected);
}
