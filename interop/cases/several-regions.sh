# Our client's buffers in regions of 4 MiB: five of them for four queues each way, the rings in the first.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    testpmd_options=(--forward-mode=macswap --rxq=4 --txq=4)
    raw_options=(loop --count 50000 --queues 4 --max-region 4194304)
    both_up \
        && ours_is_done 4 \
        && { [[ $(grep -c '^region' "$work/ours.log") -eq 5 ]] || fail "not five regions: $(grep -c '^region' "$work/ours.log")"; } \
        && both_stop 4
}
