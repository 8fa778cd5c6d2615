# testpmd listens, we connect.
peer_needs=(dotnet dpdk-testpmd)
peer_programs=(Echo KernelUdp RawPeer)

# connect [NAMESPACE TAP]
connect() {
    peer_start "$@" && ours_start Client
}

peer_start() {
    testpmd_start peer server "${1:-}" "${2:-}"
}

# return_to_peer: testpmd listens all the time.
return_to_peer() {
    ours_start Client
}
