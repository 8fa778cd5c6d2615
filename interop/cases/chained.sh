# Frames longer than one buffer: mixed ones to testpmd, four buffers each there and back, and two buffers
# each of testpmd's own making (net_memif refuses a larger --max-pkt-len, but txpkts raises frames all the same).
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    if [[ $peer == testpmd-pair ]]; then
        pair_carries 1500,1500 && { [[ -z $pair_difference ]] || fail "$pair_difference"; }
    else
        to_testpmd && there_and_back && from_testpmd
    fi
}

to_testpmd() {
    testpmd_options=(--forward-mode=rxonly)
    raw_options=(send --count 20000 --sizes 60-9000)
    round 1 || { why="to testpmd: $why"; return 1; }
}

there_and_back() {
    testpmd_options=(--forward-mode=macswap)
    raw_options=(loop --count 20480 --sizes 6145-8192 --window 128)
    round 1 || { why="there and back: $why"; return 1; }
}

from_testpmd() {
    testpmd_options=(--forward-mode=txonly "--txpkts=1500,1500")
    raw_options=(receive --count 20000 --sizes 3000-3000 --window 1024)
    round 1 || { why="from testpmd: $why"; return 1; }
}
