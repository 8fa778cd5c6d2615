# testpmd is killed in the middle of traffic and comes back: our process notices, lives on, and echoes
# again.
case_needs=(root ip nsenter unshare ethtool /dev/net/tun)
kills=$((${ZMEMIF_SOAK:-0} ? 20 : 2))

run_case() {
    namespace_start netns \
        && connect netns dtap0 \
        && tap_up netns dtap0 "$kernel_address" \
        && ours_is_up \
        && forwarding_starts \
        && ours_is_ready \
        && kernel_echo 500 \
        && kill_and_return "$kills" \
        && testpmd_pause peer \
        && ours_stop
}

# The TAP dies with testpmd; the new one has another MAC address.
kill_and_return() {
    local round
    for ((round = 1; round <= $1; round++)); do
        kernel_load dtap0 \
            && kill_hard peer \
            && kill_hard load \
            && ours_notices_the_loss \
            && peer_start netns dtap0 \
            && tap_up netns dtap0 "$kernel_address" \
            && ours_is_up \
            && forwarding_starts \
            && kernel_echo 500 || return
    done
}
