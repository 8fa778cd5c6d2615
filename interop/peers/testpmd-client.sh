# We listen, testpmd connects. It tries once, when its port is started: we are there first.
peer_needs=(dotnet dpdk-testpmd)
peer_programs=(Echo KernelUdp RawPeer)

# connect [NAMESPACE TAP]
connect() {
    ours_start Server && peer_start "$@"
}

peer_start() {
    testpmd_start peer client "${1:-}" "${2:-}"
}

# return_to_peer: we are there again; testpmd connects again when its port is started again.
return_to_peer() {
    ours_start Server \
        && testpmd_ask peer "port stop 0" '^Done$' \
        && testpmd_ask peer "port start 0" '^Done$'
}
