# testpmd on both ends of the memif, a kernel UDP echo behind the second one: nothing of ours in
# between. What fails here is not this library's fault.
peer_needs=(dotnet dpdk-testpmd)
peer_programs=(KernelUdp)

connect() {
    testpmd_start peer server "$1" "$2" \
        && namespace_start far-netns \
        && testpmd_start far client far-netns dtap1 \
        && tap_up far-netns dtap1 "$our_address" \
        && spawn ours nsenter --net="/proc/${pid_of[far-netns]}/ns/net" -- \
            dotnet "$(program KernelUdp)" serve "$our_address" "$echo_port"
}

ours_is_up() { testpmd_link far up; }

ours_stop() {
    is_running ours && kill_hard ours
}

# pair_carries TXPKTS: frames of these buffers from the server to the client, then from the client to the
# server; what is different about what arrives is left in $pair_difference.
pair_carries() {
    pair_difference=""
    pair_carries_from peer far "$1" && pair_carries_from far peer "$1" || return
    pair_difference=${pair_difference:+txpkts=$1: ${pair_difference%; }}
}

# pair_carries_from SENDER RECEIVER TXPKTS: peer is the server, far the client.
pair_carries_from() {
    local sent received
    pair_start peer server "$1" "$3" \
        && pair_start far client "$1" "$3" \
        && forwarding_starts \
        && await 15 "frames at $2" pair_has_received "$2" 20000 \
        && testpmd_pause "$1" || return
    sent=$(testpmd_counters "$1" 1 | awk '{ print $7, $8 }')
    pair_has_received "$2" "${sent% *}" || sleep 0.5
    testpmd_pause "$2" || return
    received=$(testpmd_counters "$2" 1 | awk '{ print $4, $5 }')
    [[ -n $sent && $sent == "$received" ]] \
        || pair_difference+="the $(pair_role "$1") sent ${sent/ / frames of } bytes, the $(pair_role "$2") received ${received/ / of }; "
    testpmd_quit far && testpmd_quit peer
}

# pair_start NAME ROLE SENDER TXPKTS
pair_start() {
    testpmd_options=(--forward-mode=rxonly)
    [[ $1 != "$3" ]] || testpmd_options=(--forward-mode=txonly "--txpkts=$4")
    testpmd_start "$1" "$2"
}

pair_role() { if [[ $1 == peer ]]; then echo server; else echo client; fi; }

pair_has_received() {
    [[ $(testpmd_counters "$1" 1 | awk '{ print $4 }') -ge $2 ]]
}
