# Our process is killed in the middle of traffic and started again. net_memif may crash when that happens to
# its peer: that is reported, testpmd is started again, and the case goes on.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    testpmd_options=(--forward-mode=macswap)
    raw_options=(loop --burst 64 --window 512)
    both_up && traffic_flows 1 && kill_hard ours && peer_outlives_us || return
    raw_options=(loop --count 20000)
    if is_running peer; then
        testpmd_pause peer && return_to_peer || return
    else
        connect || return
    fi
    ours_is_up && forwarding_starts && ours_is_done 1 && testpmd_pause peer && ours_stop
}

# peer_outlives_us: until testpmd has noticed, or is dead of it.
peer_outlives_us() {
    local end=$((SECONDS + 10))
    until testpmd_says_link peer down; do
        is_running peer || { report_crash peer "we were killed under load"; return; }
        ((SECONDS < end)) || { fail "testpmd did not notice that we are gone"; return; }
    done
} 2>/dev/null   # the shell's own remarks about killed jobs
