# testpmd is killed in the middle of traffic at full rate and comes back, twice: the same process of ours
# goes on with it.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    local round
    testpmd_options=(--forward-mode=macswap)
    raw_options=(loop --burst 64 --window 512)
    both_up && traffic_flows 1 || return
    for round in 2 3; do
        kill_hard peer && ours_notices_the_loss && peer_start && ours_is_up && forwarding_starts && traffic_flows "$round" || return
    done
    testpmd_pause peer && ours_stop
}
