# shellcheck shell=bash
# Sourced by localnet: the processes, and what their servers answer.

# port NODE OFFSET
port() {
    echo $((port + 10 * $1 + $2))
}

# Nodes that have a folder, by number.
node_indices() {
    local folder
    for folder in "$home"/node[0-9]; do
        [ ! -d "$folder" ] || echo "${folder##*/node}"
    done
}

# The node's process, if the recorded one lives and is this very node. The status of every return is
# given, since a bare return in a trap repeats what was before the trap.
node_pid() {
    local pid arguments
    pid=$(cat "$home/node$1/node.pid" 2>/dev/null) || return 1
    [[ $pid =~ ^[0-9]+$ ]] || return 1
    mapfile -d '' -t arguments 2>/dev/null <"/proc/$pid/cmdline" || return 1
    # A zombie has no arguments.
    [[ ${arguments[0]:-} == */wasmd && ${arguments[3]:-} == "$home/node$1" ]] || return 1
    echo "$pid"
}

stopped_nodes() {
    local i
    for ((i = 0; i < validators; i++)); do
        node_pid "$i" >/dev/null || echo "$i"
    done
}

# Nothing may listen on the ports of the given nodes.
check_ports() {
    local i offset names=([6]=peers [7]=RPC [8]=gRPC [9]=REST)
    for i in "$@"; do
        for offset in 6 7 8 9; do
            ! (exec 3<>"/dev/tcp/127.0.0.1/$(port "$i" "$offset")") 2>/dev/null ||
                fail "port $(port "$i" "$offset") (${names[offset]} of node$i) is in use: stop what listens there or choose another --port"
        done
    done
}

# The process writes its own pid before it becomes the node, so that no node is ever unrecorded, and
# holds the lock until then.
start_node() {
    local folder=$home/node$1
    # shellcheck disable=SC2016  # Expanded by the inner shell.
    setsid bash -c 'echo $$ >"$2/node.pid" && exec "$1" start --home "$2" --log_level error --log_no_color 9>&-' \
        localnet "$wasmd" "$folder" </dev/null >>"$folder/node.log" 2>&1 &
    while kill -0 $! 2>/dev/null && ! node_pid "$1" >/dev/null; do
        sleep 0.05
    done
}

# http PORT PATH: the answer, headers first.
http() {
    # shellcheck disable=SC2016  # Expanded by the inner shell.
    timeout 2 bash -c 'exec 3<>"/dev/tcp/127.0.0.1/$0" &&
        printf "GET %s HTTP/1.0\r\nHost: 127.0.0.1\r\n\r\n" "$1" >&3 && cat <&3' "$1" "$2" 2>/dev/null
}

# The node's last block, or nothing.
height() {
    http "$(port "$1" 7)" /status | sed -n 's/.*"latest_block_height": *"\([0-9]*\)".*/\1/p' || true
}

# After a restart the node answers before the application does.
application_answers() {
    [[ $(http "$(port "$1" 9)" /cosmwasm/wasm/v1/codes/params) == HTTP/1.?' 200 '* ]]
}

wait_ready() {
    local last deadline=$((SECONDS + 90)) log=$home/node$1/node.log
    until last=$(height "$1") && [ "${last:-0}" -ge 1 ] && application_answers "$1"; do
        node_pid "$1" >/dev/null ||
            fail "node$1 ended while starting; the end of $log:"$'\n'"$(tail -n 15 "$log")"
        [ $SECONDS -lt "$deadline" ] ||
            fail "node$1 gave no answer within 90 s; the end of $log:"$'\n'"$(tail -n 15 "$log")"
        sleep 0.1
    done
}

# await_end NODE TENTHS: until the node's process is gone.
await_end() {
    local n
    for ((n = 0; n < $2; n++)); do
        node_pid "$1" >/dev/null || return 0
        sleep 0.1
    done
    return 1
}

# Asks all first, then waits for each; who does not listen is killed.
stop_nodes() {
    local i pid
    for i in "$@"; do
        ! pid=$(node_pid "$i") || kill -TERM "$pid" 2>/dev/null || true
    done
    for i in "$@"; do
        if ! await_end "$i" 100; then
            ! pid=$(node_pid "$i") || kill -KILL "$pid" 2>/dev/null || true
            await_end "$i" 50 || fail "node$i outlives SIGKILL"
        fi
        rm -f "$home/node$i/node.pid"
    done
}
