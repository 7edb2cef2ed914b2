# shellcheck shell=bash
# Sourced by localnet: what there is, for people and for programs.

# absent, unfinished (killed before the genesis was complete), stopped or running.
network_state() {
    local i
    [ -e "$home/lock" ] || {
        echo absent
        return
    }
    [ -e "$home/localnet.env" ] || {
        echo unfinished
        return
    }
    for i in $(node_indices); do
        ! node_pid "$i" >/dev/null || {
            echo running
            return
        }
    done
    echo stopped
}

# running, died (it left its pid file) or stopped.
node_state() {
    if node_pid "$1" >/dev/null; then
        echo running
    elif [ -e "$home/node$1/node.pid" ]; then
        echo died
    else
        echo stopped
    fi
}

locked() {
    [ -e "$home/lock" ] && ! flock --nonblock "$home/lock" true
}

# node_line NODE: number, state, pid, height, RPC, REST and gRPC address; - where there is none.
node_line() {
    local state pid last=''
    state=$(node_state "$1")
    pid=$(cat "$home/node$1/node.pid" 2>/dev/null) || true
    [ "$state" != running ] || last=$(height "$1")
    echo "$1 $state ${pid:--} ${last:--} http://127.0.0.1:$(port "$1" 7)" \
        "http://127.0.0.1:$(port "$1" 9) 127.0.0.1:$(port "$1" 8)"
}

status_plain() {
    local i
    printf '%s %s\n' state "$(network_state)" chain_id "$chain_id" validators "$validators" \
        block_time "$block_time" port "$port" home "$home" faucet_key "$home/faucet.key"
    [ ! -e "$home/localnet.env" ] || for ((i = 0; i < validators; i++)); do
        echo "node $(node_line "$i")"
    done
}

status_text() {
    local state i
    state=$(network_state)
    ! locked || echo 'another localnet command is at work on this folder'
    case $state in
    absent) echo "no local network in $home" ;;
    unfinished) echo "unfinished: $home (up starts over, reset deletes it)" ;;
    *)
        echo "$chain_id is $state: $validators validator(s), a block every $block_time"
        printf '%-11s %s\n' home "$home" 'faucet key' "$home/faucet.key"
        for ((i = 0; i < validators; i++)); do
            describe_node $(node_line "$i")
        done
        ;;
    esac
}

# describe_node: the words of node_line as a sentence.
describe_node() {
    case $2 in
    running) echo "node$1       running, pid $3, height $4, RPC $5, REST $6, gRPC $7" ;;
    died) echo "node$1       died, stale pid file of pid $3" ;;
    *) echo "node$1       stopped" ;;
    esac
}
