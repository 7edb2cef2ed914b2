//! The messages of `grid`.

use anyhow::Result;
use gridweave_chain::Chain;
use gridweave_chain::ContractKind::Grid;
use gridweave_types::grid::{AccountInput, Branch, ExecuteMsg, Feeder, Role};
use gridweave_units::Fx;

use super::agents::Crowd;
use super::stage::{BARE, Case, Stage};

/// Rows in one transaction.
const PAGE: u32 = 100;

/// Registers agents `from..to` of `crowd`, the feeder first where there is none yet.
///
/// # Errors
/// The contract refuses.
pub async fn enrol(stage: &mut Stage, crowd: &Crowd, from: u32, to: u32) -> Result<()> {
    let operator = stage.operator.clone();
    let Crowd { feeder, signers } = crowd;
    if from == 0 {
        let msg = add_feeder(*feeder);
        stage.act(&operator, Grid, BARE, &msg).await?;
    }
    let mut first = from;
    while first < to {
        let last = to.min(first + PAGE);
        let branches: Vec<Branch> = (first..last).map(branch).collect();
        let rows = (first..last).zip(&signers[first as usize..last as usize]);
        let accounts: Vec<AccountInput> = rows
            .map(|(agent, signer)| AccountInput {
                address: signer.address.clone(),
                feeder: *feeder,
                bus: agent + 1,
                role: Role::Prosumer,
                meter_key: None,
            })
            .collect();
        let case = Case {
            name: "a page of rows",
            agents: last - first,
            horizon: 0,
        };
        let msg = ExecuteMsg::AddBranches {
            feeder: *feeder,
            branches,
        };
        stage.act(&operator, Grid, case, &msg).await?;
        let msg = ExecuteMsg::RegisterAccounts { accounts };
        stage.act(&operator, Grid, case, &msg).await?;
        first = last;
    }
    Ok(())
}

/// Everything else that `grid` is told. `spare` has no part in a session.
///
/// # Errors
/// The contract refuses.
pub async fn rest(stage: &mut Stage, spare: &Crowd) -> Result<()> {
    let operator = stage.operator.clone();
    let agent = &spare.signers[0];
    enrol(stage, spare, 0, 1).await?;
    let limits = ExecuteMsg::SetFeederLimits {
        feeder: spare.feeder,
        external_limit: 2_000_000u64.into(),
        internal_limit: 2_000_000u64.into(),
    };
    let address = agent.address.clone();
    let key = ExecuteMsg::SetMeterKey {
        address: address.clone(),
        meter_key: Some(meter_key().into()),
    };
    let remove = ExecuteMsg::RemoveAccount {
        address: address.clone(),
    };
    let propose = ExecuteMsg::ProposeOperator { operator: address };
    let accept = ExecuteMsg::AcceptOperator {};
    let back = ExecuteMsg::ProposeOperator {
        operator: operator.address.clone(),
    };
    for msg in [
        &limits,
        &key,
        &remove,
        &propose,
        &ExecuteMsg::CancelProposal {},
        &propose,
    ] {
        stage.act(&operator, Grid, BARE, msg).await?;
    }
    // Not noted: the first transaction of a key costs more, as the chain keeps its public key.
    let grid = stage.address(Grid)?;
    for msg in [&accept, &back] {
        stage.chain.execute(agent, &grid, msg).await?;
    }
    stage.act(&operator, Grid, BARE, &accept).await?;
    Ok(())
}

fn add_feeder(id: u32) -> ExecuteMsg {
    ExecuteMsg::AddFeeder {
        feeder: Feeder {
            id,
            name: "bench".into(),
            root: 0,
            external_limit: 1_000_000u64.into(),
            internal_limit: 1_000_000u64.into(),
        },
    }
}

/// Agent `i` is at bus `i + 1`; laterals of ten buses leave the root.
fn branch(agent: u32) -> Branch {
    Branch {
        bus: agent + 1,
        parent: if agent.is_multiple_of(10) { 0 } else { agent },
        r: Fx::ratio(1, 10_000),
        x: Fx::ratio(1, 10_000),
    }
}

/// The generator of secp256k1, compressed: nobody's secret.
fn meter_key() -> Vec<u8> {
    const X: [u8; 32] = [
        0x79, 0xbe, 0x66, 0x7e, 0xf9, 0xdc, 0xbb, 0xac, 0x55, 0xa0, 0x62, 0x95, 0xce, 0x87, 0x0b,
        0x07, 0x02, 0x9b, 0xfc, 0xdb, 0x2d, 0xce, 0x28, 0xd9, 0x59, 0xf2, 0x81, 0x5b, 0x16, 0xf8,
        0x17, 0x98,
    ];
    [&[0x02], X.as_slice()].concat()
}
