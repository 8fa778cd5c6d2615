#!/usr/bin/env bash
# usage: interop/run.sh [peer] [case]
#
# Runs this library against peers it did not write, and prints one line per case:
#   PASS peer case  |  FAIL peer case: why  |  SKIP peer case (reason)
# Exit status 0 only if nothing failed. See README.md beside this file.
set -uo pipefail
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
testpmd-server handshake
testpmd-server icmp-ping
testpmd-server kernel-echo
testpmd-server reconnect
testpmd-client handshake
testpmd-client icmp-ping
testpmd-client kernel-echo
testpmd-client reconnect"

passed=0 failed=0 skipped=0

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

    echo "$passed passed, $failed failed, $skipped skipped"
    [[ $failed -eq 0 ]]
}

# run_one PEER CASE: loads the two files, which define the functions used here. A peer may
# replace what lib/ours.sh says, so that is loaded anew for each.
run_one() {
    local peer=$1 case=$2 missing
    why="" work=""
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
    else
        echo "FAIL $peer $case: ${why:-unknown}"
        failed=$((failed + 1))
        keep_logs "$peer-$case"
    fi
    clean_up
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
