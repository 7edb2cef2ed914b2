# shellcheck shell=bash
# Sourced by localnet: keeps contract codes in the nodes' memory, which makes calling them cheaper.
#
# Only the chain's governance may pin. Here the validators are ours, so their keys propose and vote; a
# proposal takes $voting_period (a constant of the genesis).

# pin CODE...: pins those that are not yet.
pin() {
    local code missing=() pinned id
    node_pid 0 >/dev/null || fail "node0 does not run: run up"
    wasmd=$(bash "$here/build-wasmd")
    pinned=$(pinned_codes) || fail 'node0 does not say which codes are pinned'
    for code in "$@"; do
        [[ $code =~ ^[1-9][0-9]{0,9}$ ]] || fail "code '$code', expected a number"
        grep -qx "$code" <<<"$pinned" || missing+=("$code")
    done
    [ ${#missing[@]} -gt 0 ] || {
        echo "already pinned: $*"
        return
    }
    propose "${missing[@]}"
    id=$(open_proposal)
    [ -n "$id" ] || fail "the proposal to pin is not open for votes"
    vote "$id"
    await_decision "$id"
    echo "pinned: ${missing[*]}"
}

# One code a line.
pinned_codes() {
    http "$(port 0 9)" '/cosmwasm/wasm/v1/codes/pinned?pagination.limit=1000' |
        sed -n '/code_ids/{s/.*"code_ids": *\[\([^]]*\)\].*/\1/;s/[" ]//g;s/,/\n/g;p}'
}

# transact NODE ARGUMENTS: with the key of that validator, through node0, until it is in a block.
transact() {
    local i=$1 answer hash log=$home/pin.log
    shift
    answer=$("$wasmd" tx "$@" --from "node$i" --keyring-backend test --home "$home/node$i" \
        --chain-id "$chain_id" --node "tcp://127.0.0.1:$(port 0 7)" \
        --gas 500000 --gas-prices 0.001stake --yes --output json 2>"$log") || fail "see $log"
    hash=$(sed -n 's/.*"txhash":"\([0-9A-F]*\)".*/\1/p' <<<"$answer")
    answer=$("$wasmd" query wait-tx "$hash" --timeout 10s --home "$home/node$i" \
        --node "tcp://127.0.0.1:$(port 0 7)" --output json 2>>"$log") || fail "see $log"
    grep -q '"code":0' <<<"$answer" || fail "$1 $2 was refused: $answer"
    rm -f "$log"
}

propose() {
    transact 0 wasm submit-proposal pin-codes "$@" --deposit 10000000stake \
        --title 'Pin contract codes' --summary 'Calling a pinned code costs less gas.'
}

# The newest proposal that may be voted on: nobody else proposes here.
open_proposal() {
    http "$(port 0 9)" '/cosmos/gov/v1/proposals?proposal_status=2&pagination.reverse=true&pagination.limit=1' |
        sed -n 's/.*"proposals":\[{"id":"\([0-9]*\)".*/\1/p'
}

# More than half of the validators suffices.
vote() {
    local i voters=()
    for ((i = 0; i < (validators / 2) + 1; i++)); do
        transact "$i" gov vote "$1" yes &
        voters+=($!)
    done
    for i in "${voters[@]}"; do
        wait "$i" || exit 1
    done
}

await_decision() {
    local status deadline=$((SECONDS + 30))
    until status=$(http "$(port 0 9)" "/cosmos/gov/v1/proposals/$1") &&
        grep -q PROPOSAL_STATUS_PASSED <<<"$status"; do
        ! grep -qE 'PROPOSAL_STATUS_(REJECTED|FAILED)' <<<"$status" ||
            fail "the proposal to pin came to nothing: $(sed -n 's/.*"failed_reason":"\([^"]*\)".*/\1/p' <<<"$status")"
        [ $SECONDS -lt "$deadline" ] || fail 'the proposal to pin was not decided within 30 s'
        sleep 0.1
    done
}
