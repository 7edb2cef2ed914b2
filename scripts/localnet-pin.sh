# shellcheck shell=bash
# Sourced by localnet: keeps contract codes in the nodes' memory, which makes calling them cheaper.
#
# Only the chain's governance may pin. Here the validators are ours, so their keys propose and vote; a
# proposal takes $voting_period (a constant of the genesis).

# pin CODE...: pins those that are not yet.
pin() {
    local code missing=() pinned id attempt
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
    # On a busy machine a vote may come too late.
    for attempt in 1 2 3; do
        propose "${missing[@]}"
        id=$(open_proposal)
        if [ -n "$id" ] && vote "$id" && await_decision "$id"; then
            echo "pinned: ${missing[*]}"
            return
        fi
        echo "attempt $attempt to pin: the votes came too late" >&2
    done
    fail 'the proposal to pin was not accepted in three attempts'
}

# One code a line.
pinned_codes() {
    http "$(port 0 9)" '/cosmwasm/wasm/v1/codes/pinned?pagination.limit=1000' |
        sed -n '/code_ids/{s/.*"code_ids": *\[\([^]]*\)\].*/\1/;s/[" ]//g;s/,/\n/g;p}'
}

# transact NODE ARGUMENTS: with the key of that validator, through node0.
transact() {
    local i=$1 log=$home/pin.log
    shift
    "$wasmd" tx "$@" --from "node$i" --keyring-backend test --home "$home/node$i" \
        --chain-id "$chain_id" --node "tcp://127.0.0.1:$(port 0 7)" \
        --gas 500000 --gas-prices 0.001stake --yes --output json 2>"$log" || fail "see $log"
    rm -f "$log"
}

propose() {
    local answer hash
    answer=$(transact 0 wasm submit-proposal pin-codes "$@" --deposit 10000000stake \
        --title 'Pin contract codes' --summary 'Calling a pinned code costs less gas.') || exit 1
    hash=$(sed -n 's/.*"txhash":"\([0-9A-F]*\)".*/\1/p' <<<"$answer")
    answer=$("$wasmd" query wait-tx "$hash" --timeout 20s --home "$home/node0" \
        --node "tcp://127.0.0.1:$(port 0 7)" --output json) || fail "the proposal to pin is in no block"
    grep -q '"code":0' <<<"$answer" || fail "the proposal to pin was refused: $answer"
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
        transact "$i" gov vote "$1" yes >/dev/null &
        voters+=($!)
    done
    for i in "${voters[@]}"; do
        wait "$i" || return 1
    done
}

# Fails when too few votes came in time.
await_decision() {
    local status deadline=$((SECONDS + 30))
    until status=$(http "$(port 0 9)" "/cosmos/gov/v1/proposals/$1") &&
        grep -q PROPOSAL_STATUS_PASSED <<<"$status"; do
        ! grep -q PROPOSAL_STATUS_REJECTED <<<"$status" || return 1
        ! grep -q PROPOSAL_STATUS_FAILED <<<"$status" ||
            fail "the proposal to pin came to nothing: $(sed -n 's/.*"failed_reason":"\([^"]*\)".*/\1/p' <<<"$status")"
        [ $SECONDS -lt "$deadline" ] || fail 'the proposal to pin was not decided within 30 s'
        sleep 0.1
    done
}
