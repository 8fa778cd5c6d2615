# testpmd listens, we connect.
# shellcheck shell=bash disable=SC2034
peer_needs=(dotnet dpdk-testpmd)
peer_programs=(Echo KernelUdp)

# connect [NAMESPACE TAP]
connect() {
    peer_start "$@" && ours_start Client
}

peer_start() {
    testpmd_start peer server "${1:-}" "${2:-}"
}
