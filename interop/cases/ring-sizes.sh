# Every ring that net_memif and others have in common, from 64 slots to 16384, filled to the last slot each
# time; from 1024 slots on, for so long that the 16-bit indices begin again.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    local log2
    for log2 in {6..14}; do
        memif_options=,rsize=$log2
        testpmd_options=(--forward-mode=macswap)
        raw_options=(burst --count $((log2 < 10 ? 16384 : 81920)) --burst $((1 << log2)) --ring $((1 << log2)))
        round 1 || { why="ring of $((1 << log2)): $why"; return 1; }
    done
}
