# Datagrams of every size from 0 to 1472 bytes leave an ordinary kernel UDP socket, cross a TAP, a
# DPDK process and the shared memory, and come back intact; tshark finds nothing wrong on the way.
case_needs=(root ip nsenter unshare ethtool dumpcap tshark /dev/net/tun)
datagrams=$((${ZMEMIF_SOAK:-0} ? 200000 : 10000))

run_case() {
    namespace_start netns \
        && connect netns dtap0 \
        && tap_up netns dtap0 "$kernel_address" \
        && capture_start dtap0 \
        && ours_is_up \
        && forwarding_starts \
        && ours_is_ready \
        && kernel_echo "$datagrams" \
        && capture_stop \
        && testpmd_pause peer \
        && ours_stop \
        && capture_counts "datagrams out" "$datagrams" "udp.dstport == $echo_port && ip.dst == $our_address" \
        && capture_counts "datagrams back" "$datagrams" "udp.srcport == $echo_port && ip.src == $our_address" \
        && capture_is_clean
}
