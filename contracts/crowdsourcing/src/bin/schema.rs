//! Writes the JSON schema of the contract's messages below `./schema`.

use cosmwasm_schema::write_api;
use gridweave_types::crowdsourcing::{ExecuteMsg, InstantiateMsg, MigrateMsg, QueryMsg};

fn main() {
    write_api! {
        instantiate: InstantiateMsg,
        execute: ExecuteMsg,
        query: QueryMsg,
        migrate: MigrateMsg,
    }
}
