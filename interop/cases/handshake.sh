# The link comes up on both sides, and goes down in order when we leave.
case_needs=(stdbuf)

run_case() {
    connect \
        && ours_is_up \
        && testpmd_link peer up \
        && ours_stop \
        && testpmd_link peer down \
        && testpmd_quit peer
}
