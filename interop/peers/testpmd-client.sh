# We listen, testpmd connects. It tries once, when its port is started: we are there first.
peer_needs=(dotnet dpdk-testpmd)
peer_programs=(Echo KernelUdp)

# connect [NAMESPACE TAP]
connect() {
    ours_start Server && peer_start "$@"
}

peer_start() {
    testpmd_start peer client "${1:-}" "${2:-}"
}
