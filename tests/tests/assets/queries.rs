//! Every list is paged, and pages are clamped.

use cosmwasm_std::StdResult;
use gridweave_testkit::assets::{Assets, FAR, buy, claim, permit, sell, sold, trade};
use gridweave_testkit::coordinator::FEEDER;
use gridweave_types::assets::{
    ClaimClass, ClaimsResponse, ClassResponse, ClassesResponse, DeliveriesResponse, HolderResponse,
    IssuedResponse, LockResponse, LocksResponse, PermitClass, PermitsResponse, QueryMsg, Side,
};

/// Ann has permits for 0, 1, …, 129 and 130 locks.
fn filled() -> Assets {
    let mut assets = Assets::new(1);
    let ann = assets.holder("ann");
    for from in [0, 100] {
        let classes = (from..(from + 100).min(130)).map(|t: u32| sell(&t.to_string()));
        let entries: Vec<_> = classes.map(|class| (&ann, class, 10)).collect();
        assets.issue(&entries).expect("it is safe");
    }
    for t in 0..130 {
        let class = sell(&t.to_string());
        assets.lock(t, &ann, class, 5, 0).expect("she has it");
    }
    assets
}

#[test]
fn permits_and_classes_come_in_pages() {
    let mut assets = filled();
    let ann = assets.holder("ann").to_string();
    let (mut permits, mut classes): (Vec<PermitClass>, Vec<PermitClass>) = Default::default();
    for expected in [100, 30, 0] {
        let page: PermitsResponse = assets
            .ask(&QueryMsg::Permits {
                holder: ann.clone(),
                start_after: permits.last().copied(),
                limit: Some(1_000),
            })
            .expect("listed");
        assert_eq!(page.permits.len(), expected);
        permits.extend(page.permits.into_iter().map(|row| row.class));
        let page: ClassesResponse = assets
            .ask(&QueryMsg::Classes {
                start_after: classes.last().copied(),
                limit: Some(1_000),
            })
            .expect("listed");
        assert_eq!(page.classes.len(), expected);
        classes.extend(page.classes.into_iter().map(|row| row.class));
    }
    let expected: Vec<_> = (0..130).map(|t: u32| sell(&t.to_string())).collect();
    assert_eq!(permits, expected);
    assert_eq!(classes, expected);
    let page: PermitsResponse = assets
        .ask(&QueryMsg::Permits {
            holder: ann,
            start_after: None,
            limit: None,
        })
        .expect("listed");
    assert_eq!(page.permits.len(), 30);
}

#[test]
fn locks_come_in_pages() {
    let mut assets = filled();
    let (ann, market) = (assets.holder("ann").to_string(), assets.market.to_string());
    let mut locks: Vec<LockResponse> = Vec::new();
    for expected in [100, 30, 0] {
        let page: LocksResponse = assets
            .ask(&QueryMsg::Locks {
                holder: ann.clone(),
                market: market.clone(),
                start_after: locks.last().map(|lock| lock.offer),
                limit: Some(1_000),
            })
            .expect("listed");
        assert_eq!(page.locks.len(), expected);
        locks.extend(page.locks);
    }
    for (lock, offer) in locks.iter().zip(0..) {
        assert_eq!((lock.offer.u64(), lock.energy.u64()), (offer, 5));
        assert_eq!(lock.permit, sell(&offer.to_string()));
        assert_eq!(lock.holder.as_str(), ann);
    }
    assets.release(&[0, 1]).expect("the market's");
    let page: LocksResponse = assets
        .ask(&QueryMsg::Locks {
            holder: ann,
            market,
            start_after: None,
            limit: Some(1),
        })
        .expect("listed");
    assert_eq!(page.locks[0].offer.u64(), 2);
}

#[test]
fn claims_and_deliveries_come_in_pages() -> StdResult<()> {
    let mut assets = filled();
    let [ann, bob] = ["ann", "bob"].map(|name| assets.holder(name));
    let there = permit(Side::Buy, FAR, "0-127");
    assets.issue(&[(&bob, there, 1_000), (&bob, buy("0-127"), 1_000)])?;
    assets.lock(500, &bob, there, 1_000, 0)?;
    assets.lock(501, &bob, buy("0-127"), 1_000, 0)?;
    for t in 0..110 {
        let trades = [trade(t.into(), 500, 2, 0), trade(t.into(), 501, 1, 0)];
        assets.settle(t, &trades)?;
    }
    let mut claims: Vec<ClaimClass> = Vec::new();
    for expected in [100, 10, 0] {
        let page: ClaimsResponse = assets.ask(&QueryMsg::Claims {
            holder: ann.to_string(),
            start_after: claims.last().copied(),
            limit: Some(u32::MAX),
        })?;
        assert_eq!(page.claims.len(), expected);
        claims.extend(page.claims.into_iter().map(|row| row.class));
    }
    assert_eq!(claims, (0..110).map(sold).collect::<Vec<_>>());
    let mut rows: Vec<ClaimClass> = Vec::new();
    for _ in 0..3 {
        let page: DeliveriesResponse = assets.ask(&QueryMsg::Deliveries {
            interval: 7,
            start_after: rows.last().map(|row| (row.side, row.feeder)),
            limit: Some(1),
        })?;
        rows.extend(page.deliveries.into_iter().map(|row| row.class));
    }
    let expected = [
        sold(7),
        claim(Side::Buy, FEEDER, 7),
        claim(Side::Buy, FAR, 7),
    ];
    assert_eq!(rows, expected);
    Ok(())
}

#[test]
fn permits_of_intervals_come_in_pages_to_the_last_interval() -> StdResult<()> {
    let assets = filled();
    let ask = |from, limit| -> StdResult<IssuedResponse> {
        assets.ask(&QueryMsg::Issued {
            feeder: FEEDER,
            side: Side::Sell,
            from,
            limit,
        })
    };
    let page = ask(90, Some(u32::MAX))?;
    assert_eq!(page.intervals.len(), 100);
    assert_eq!(page.limit, None);
    for row in page.intervals {
        assert_eq!(row.energy.u64(), if row.interval < 130 { 10 } else { 0 });
    }
    let last = ask(u32::MAX - 1, None)?.intervals;
    let shown: Vec<u32> = last.iter().map(|row| row.interval).collect();
    assert_eq!(shown, [u32::MAX - 1, u32::MAX]);
    Ok(())
}

#[test]
fn questions_about_the_unknown_have_answers_or_name_it() -> StdResult<()> {
    let assets = Assets::new(1);
    let stranger = assets.billing.chain.suite.address("stranger");
    let holder = stranger.to_string();
    let money: HolderResponse = assets.ask(&QueryMsg::Holder {
        holder: holder.clone(),
    })?;
    assert!(money.money.is_zero());
    assert!(assets.permits(&stranger).is_empty());
    assert!(assets.claims(&stranger).is_empty());
    let locks: LocksResponse = assets.ask(&QueryMsg::Locks {
        holder: holder.clone(),
        market: assets.market.to_string(),
        start_after: None,
        limit: None,
    })?;
    assert!(locks.locks.is_empty());
    let class = assets.ask::<ClassResponse>(&QueryMsg::Class { class: sell("3") });
    let error = class.unwrap_err().to_string();
    assert!(
        error.ends_with("permit (Sell, feeder 1, intervals 3): never issued"),
        "{error}"
    );
    let lock = assets.ask::<LockResponse>(&QueryMsg::Lock {
        market: holder.clone(),
        offer: 1u64.into(),
    });
    let error = lock.unwrap_err().to_string();
    assert!(
        error.ends_with(&format!("market: {holder} is not registered")),
        "{error}"
    );
    let malformed = assets.ask::<HolderResponse>(&QueryMsg::Holder {
        holder: "NOBODY".into(),
    });
    let error = malformed.unwrap_err().to_string();
    assert!(
        error.contains("holder: 'NOBODY' is not an address"),
        "{error}"
    );
    Ok(())
}
