#!/usr/bin/env bash
# usage: interop/run.sh [peer] [case]
#
# Runs this library against peers it did not write, and prints one line per case:
#   PASS peer case  |  FAIL peer case: why  |  SKIP peer case (reason)
#   PEER-LIMIT peer case: what testpmd cannot do with another testpmd either; neither passed nor failed
#   PEER-CRASH peer case: when the peer's own process died; it is started again, and the case goes on
# Exit status 0 only if nothing failed. See README.md beside this file.
set -uo pipefail
ulimit -c 0    # a peer that crashes leaves no core file
exec </dev/null

here=$(cd "$(dirname "${BASH_SOURCE[0]}")" && pwd)
root=$(dirname "$here")

for part in process testpmd kernel capture; do
    source "$here/lib/$part.sh"
done

# The matrix, in the order it runs: the pair of two testpmds first, because it shows
# that the tools of this machine work before our own code is judged with them.
matrix="testpmd-pair   icmp-ping
testpmd-pair   kernel-echo
testpmd-pair   chained
testpmd-pair   chained-mixed
testpmd-server handshake
testpmd-server icmp-ping
testpmd-server kernel-echo
testpmd-server multi-queue
testpmd-server several-regions
testpmd-server burst
testpmd-server ring-sizes
testpmd-server chained
testpmd-server chained-mixed
testpmd-server wrong-secret
testpmd-server reconnect
testpmd-server reconnect-ours
testpmd-server killed-under-load
testpmd-server restarted-under-load
testpmd-client handshake
testpmd-client icmp-ping
testpmd-client kernel-echo
testpmd-client multi-queue
testpmd-client burst
testpmd-client ring-sizes
testpmd-client chained
testpmd-client chained-mixed
testpmd-client wrong-secret
testpmd-client reconnect
testpmd-client reconnect-ours
testpmd-client killed-under-load
testpmd-client restarted-under-load
testpmd-client zero-copy
testpmd-client zero-copy-refused"

passed=0 failed=0 skipped=0 limits=0 crashes=0
declare -A pair_limit=()  # case → what a pair of two testpmds could not do in this run

main() {
    trap clean_up EXIT
    trap 'exit 130' INT
    trap 'exit 143' TERM HUP

    local chosen peer case
    chosen=$(awk -v p="${1:-}" -v c="${2:-}" '(p == "" || p == $1) && (c == "" || c == $2)' <<<"$matrix")
    if [[ -z $chosen || $# -gt 2 ]]; then
        printf 'usage: interop/run.sh [peer] [case]\npeers and cases:\n%s\n' "$matrix" >&2
        exit 2
    fi

    while read -r peer case; do
        run_one "$peer" "$case"
    done <<<"$chosen"

    [[ $((limits + crashes)) -eq 0 ]] || echo "not counted: $limits limits and $crashes crashes of the peer"
    echo "$passed passed, $failed failed, $skipped skipped"
    [[ $failed -eq 0 ]]
}

# run_one PEER CASE: loads the two files, which define the functions used here. A peer may
# replace what lib/ours.sh says, so that is loaded anew for each.
run_one() {
    local peer=$1 case=$2 missing
    why="" work="" limit="" memif_options="" testpmd_options=()
    source "$here/lib/ours.sh"
    source "$here/peers/$peer.sh"
    source "$here/cases/$case.sh"

    missing=$(what_is_missing "${peer_needs[@]}" "${case_needs[@]}")
    if [[ -n $missing ]]; then
        echo "SKIP $peer $case ($missing)"
        skipped=$((skipped + 1))
        return
    fi

    work=$(mktemp -d /tmp/zmemif-interop.XXXXXX) || exit 1
    socket=$work/memif.sock
    if build "${peer_programs[@]}" && run_case; then
        echo "PASS $peer $case"
        passed=$((passed + 1))
    elif [[ -n $limit ]]; then
        echo "PEER-LIMIT $peer $case: $limit"
        limits=$((limits + 1))
        [[ $peer != testpmd-pair ]] || pair_limit[$case]=$limit
    else
        echo "FAIL $peer $case: ${why:-unknown}"
        failed=$((failed + 1))
        end_processes
        keep_logs "$peer-$case"
    fi
    clean_up
}

# peer_limit WHAT: ends a case that cannot hold because of the peer. Only what a pair of two testpmds
# cannot do in this very run is such a limit.
peer_limit() {
    limit=$*
    return 1
}

# report_crash NAME WHEN: a process of the peer that a signal has ended.
report_crash() {
    local status
    reap "$1" 5
    status=$?
    ((status > 128)) || { fail "$1 ended with exit code $status: $(last_line "$1")"; return; }
    echo "PEER-CRASH $peer $case: $1 died of SIG$(kill -l "$status") when $2"
    crashes=$((crashes + 1))
}

# what_is_missing NEED…: a need is a command, a device file, or the word root.
what_is_missing() {
    local need
    for need in "$@"; do
        case $need in
            root) [[ $(id -u) -eq 0 ]] || { echo "needs root"; return; } ;;
            /*) [[ -e $need ]] || { echo "no $need"; return; } ;;
            *) command -v "$need" >/dev/null || { echo "no $need"; return; } ;;
        esac
    done
}

# keep_logs NAME: what a failed case left behind, for the reader.
keep_logs() {
    local logs=$root/artifacts/interop/$1
    rm -rf "$logs"
    mkdir -p "$logs"
    find "$work" -maxdepth 1 -type f \( -name '*.log' -o -name '*.pcapng' \) -exec cp -t "$logs" {} +
    echo "     logs: ${logs#"$root/"}"
}

main "$@"
