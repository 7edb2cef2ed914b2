# shellcheck shell=bash
# Sourced by localnet: the arguments, and the settings that a network keeps in localnet.env.

# usage_error TEXT
usage_error() {
    fail "$*; usage: up|down|status|reset|kill NODE|start NODE|pin CODE... [--validators 1|4] [--block-time 200ms] [--port BASE] [--home DIR]"
}

# Sets command, node, codes, format, home and the want_* of the options that are given.
parse_arguments() {
    command=${1:-} node='' codes=() format=text want_validators='' want_block_time='' want_port=''
    home=${GRIDWEAVE_HOME:-${XDG_STATE_HOME:-${HOME:-.}/.local/state}/gridweave}/localnet
    case $command in
    up | down | status | reset) shift ;;
    kill | start)
        node=${2:-}
        [ -n "$node" ] || usage_error "$command needs the number of a node"
        shift 2
        ;;
    pin)
        shift
        while [ $# -gt 0 ] && [[ $1 != --* ]]; do
            codes+=("$1")
            shift
        done
        [ ${#codes[@]} -gt 0 ] || usage_error 'pin needs the number of a code'
        ;;
    *) usage_error "unknown command '$command'" ;;
    esac
    while [ $# -gt 0 ]; do
        if [ "$1" = --plain ]; then
            format=plain
            shift
            continue
        fi
        [ $# -ge 2 ] || usage_error "$1 needs a value"
        case $1 in
        --validators) want_validators=$2 ;;
        --block-time) want_block_time=$2 ;;
        --port) want_port=$2 ;;
        --home) home=$2 ;;
        *) usage_error "unknown option '$1'" ;;
        esac
        shift 2
    done
    check_options
    home=$(realpath -m -- "$home")
}

check_options() {
    [[ $want_validators =~ ^[14]?$ ]] || fail "--validators '$want_validators', expected 1 or 4"
    [[ -z $want_block_time || $want_block_time =~ ^[1-9][0-9]{0,5}(ms|s)$ ]] ||
        fail "--block-time '$want_block_time', expected a whole number of ms or s such as 200ms"
    [[ -z $want_port || ($want_port =~ ^[1-9][0-9]{3,4}$ && $want_port -ge 1024 && $want_port -le 65490) ]] ||
        fail "--port '$want_port', expected a number between 1024 and 65490"
    [ -n "$home" ] || fail "--home '', expected a folder"
}

check_tools() {
    local tool
    [ "$(uname -s)" = Linux ] || fail "the local chain needs Linux, this is $(uname -s)"
    for tool in awk sed timeout realpath flock setsid; do
        command -v "$tool" >/dev/null || fail "$tool is missing: install awk, sed, coreutils and util-linux"
    done
}

# Sets validators, block_time and port: what was asked for, else what the network has, else defaults.
# kept_* is what it has.
read_settings() {
    local key value
    kept_validators='' kept_block_time='' kept_port='' kept_wasmd=''
    if [ -e "$home/localnet.env" ]; then
        while IFS='=' read -r key value; do
            case $key in
            validators | block_time | port | wasmd) printf -v "kept_$key" %s "$value" ;;
            esac
        done <"$home/localnet.env"
        [ -n "$kept_validators" ] && [ -n "$kept_block_time" ] && [ -n "$kept_port" ] ||
            fail "$home/localnet.env is damaged: reset the network"
    fi
    validators=${want_validators:-${kept_validators:-1}}
    block_time=${want_block_time:-${kept_block_time:-200ms}}
    port=${want_port:-${kept_port:-26650}}
    [ "$validators" = "${kept_validators:-$validators}" ] ||
        fail "$home holds a network of $kept_validators validator(s), not $validators: reset it first or choose another --home"
}

# Running nodes cannot change their settings.
reject_changes() {
    [ "$block_time" = "$kept_block_time" ] ||
        fail "$home runs with --block-time $kept_block_time, not $block_time: take it down first"
    [ "$port" = "$kept_port" ] ||
        fail "$home runs with --port $kept_port, not $port: take it down first"
}

# Makes the folder ours. The file that serves as lock also marks what up may overwrite.
claim_home() {
    mkdir -p "$home"
    [ -e "$home/lock" ] || [ -z "$(ls -A "$home")" ] ||
        fail "$home is not empty and holds no local network: choose another --home"
}

# Its presence says that the genesis is complete.
write_settings() {
    local version
    version=$(basename "$(dirname "$wasmd")")
    version=${version#wasmd-}
    [ "$version" = "${kept_wasmd:-$version}" ] ||
        fail "$home was made with wasmd $kept_wasmd, this is $version: reset it first"
    printf '%s=%s\n' chain_id "$chain_id" wasmd "$version" validators "$validators" \
        block_time "$block_time" port "$port" >"$home/localnet.env.new"
    mv "$home/localnet.env.new" "$home/localnet.env"
}
