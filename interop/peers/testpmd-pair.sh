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
