# shellcheck shell=bash
# Sourced by localnet: the first files of a network, and each node's configuration.

# Leaves what the node says in genesis.log beside the files.
write_genesis() {
    local log=$home/genesis.log
    # An earlier attempt may have been killed half way.
    rm -rf "$home"/node[0-9] "$home/genesis" "$home/faucet.key"
    make_genesis >"$log" 2>&1 || fail "the genesis could not be written, see $log"
    mv "$home"/genesis/node[0-9] "$home/"
    mv "$home/genesis/faucet.key" "$home/"
    rm -r "$home/genesis" "$log"
}

# Joined by &&, since bash does not stop at a failure inside a condition.
make_genesis() {
    local first=$home/genesis/node0 i
    "$wasmd" testnet init-files --v "$validators" --output-dir "$home/genesis" --node-daemon-home . \
        --single-host --chain-id "$chain_id" --keyring-backend test \
        --home "$home/genesis" &&
        "$wasmd" keys add faucet --keyring-backend test --home "$first" &&
        "$wasmd" keys export faucet --unarmored-hex --unsafe --yes --keyring-backend test \
            --home "$first" >"$home/genesis/faucet.key" &&
        "$wasmd" genesis add-genesis-account faucet 1000000000000000stake --keyring-backend test \
            --home "$first" &&
        set_voting_period "$first/config/genesis.json" &&
        "$wasmd" genesis validate --home "$first" || return
    for ((i = 0; i < validators; i++)); do
        [ "$i" = 0 ] || cp "$first/config/genesis.json" "$home/genesis/node$i/config/" || return
        "$wasmd" comet show-node-id --home "$home/genesis/node$i" >"$home/genesis/node$i/node.id" || return
        # Queries may read a whole session: the default of 3 million gas is for public nodes.
        printf '\n[wasm]\nquery_gas_limit = 100000000\n' >>"$home/genesis/node$i/config/app.toml" || return
    done
}

# Proposals are decided while one waits. The chain wants the expedited ones to be faster.
set_voting_period() {
    sed -i -e "s/\"voting_period\": \"[0-9]*s\"/\"voting_period\": \"$voting_period\"/" \
        -e 's/"expedited_voting_period": "[0-9]*s"/"expedited_voting_period": "1s"/' "$1" &&
        grep -q "\"voting_period\": \"$voting_period\"" "$1"
}

# peers NODE: the addresses of the others.
peers() {
    local i list=''
    for ((i = 0; i < validators; i++)); do
        [ "$i" = "$1" ] || list+=,$(<"$home/node$i/node.id")@127.0.0.1:$(port "$i" 6)
    done
    printf '"%s"' "${list#,}"
}

# Applied before every start, so that a new block time or port takes effect.
configure() {
    local config=$home/node$1/config peers
    peers=$(peers "$1")
    set_toml "$config/config.toml" \
        "rpc.laddr=\"tcp://127.0.0.1:$(port "$1" 7)\"" \
        'rpc.cors_allowed_origins=["*"]' \
        'rpc.pprof_laddr=""' \
        'rpc.max_body_bytes=10000000' \
        'rpc.max_subscription_clients=200' \
        "p2p.laddr=\"tcp://127.0.0.1:$(port "$1" 6)\"" \
        "p2p.persistent_peers=$peers" \
        'p2p.addr_book_strict=false' \
        'p2p.allow_duplicate_ip=true' \
        'p2p.pex=false' \
        'mempool.size=20000' \
        'mempool.max_txs_bytes=268435456' \
        "consensus.timeout_commit=\"$block_time\"" \
        'consensus.timeout_propose="1s"' \
        'consensus.create_empty_blocks=true' \
        'consensus.peer_gossip_sleep_duration="20ms"'
    set_toml "$config/app.toml" \
        'minimum-gas-prices="0.0001stake"' \
        'pruning="custom"' 'pruning-keep-recent="100"' 'pruning-interval="10"' \
        'api.enable=true' \
        'api.enabled-unsafe-cors=true' \
        "api.address=\"tcp://127.0.0.1:$(port "$1" 9)\"" \
        'grpc.enable=true' \
        "grpc.address=\"127.0.0.1:$(port "$1" 8)\"" \
        'telemetry.enabled=false'
}

# set_toml FILE SECTION.KEY=VALUE...: replaces values; all of them must exist.
set_toml() {
    local file=$1
    shift
    printf '%s\n' "$@" | awk '
        NR == FNR { at = index($0, "="); want[substr($0, 1, at - 1)] = substr($0, at + 1); next }
        /^\[/ { section = $0; gsub(/[][]/, "", section); section = section "." }
        {
            key = $0; sub(/[ \t]*=.*/, "", key); name = section key
            if (name in want) { print key " = " want[name]; delete want[name] } else print
        }
        END {
            for (name in want) { print "no setting " name " in " FILENAME > "/dev/stderr"; bad = 1 }
            exit bad
        }' - "$file" >"$file.new" || fail "$file lacks a setting that this script knows"
    mv "$file.new" "$file"
}
