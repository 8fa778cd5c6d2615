# Our process is killed and started again; testpmd, which does not forward at that moment, must take us back.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    testpmd_options=(--forward-mode=macswap)
    raw_options=(loop --count 20000)
    both_up \
        && ours_is_done 1 \
        && testpmd_pause peer \
        && kill_hard ours \
        && testpmd_link peer down \
        && return_to_peer \
        && ours_is_up \
        && forwarding_starts \
        && ours_is_done 1 \
        && testpmd_pause peer \
        && ours_stop
}
