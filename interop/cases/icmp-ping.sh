# The kernel's ping is answered, from the empty payload to the largest that fits one packet.
case_needs=(root ping ip nsenter unshare ethtool dumpcap tshark /dev/net/tun)
ping_sizes=(0 1 56 511 1024 1471 1472)

run_case() {
    namespace_start netns \
        && connect netns dtap0 \
        && tap_up netns dtap0 "$kernel_address" \
        && capture_start dtap0 \
        && ours_is_up \
        && forwarding_starts \
        && ping_all "${ping_sizes[@]}" \
        && capture_stop \
        && testpmd_pause peer \
        && ours_stop \
        && capture_counts "echo replies" "$(capture_count "icmp.type == 8")" "icmp.type == 0 && ip.src == $our_address" \
        && capture_is_clean
}
