# A wrong secret is refused, and our side says so, by itself or in the peer's words; the right one is accepted.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    testpmd_options=(--forward-mode=macswap)
    memif_options=,secret=$(peer_secret_of wrong)
    raw_options=(loop --count 1000 --secret "$(our_secret_of wrong)")
    connect && refused && testpmd_link peer down && ours_stop && testpmd_quit peer || return

    memif_options=,secret=right
    raw_options=(loop --count 1000 --secret right)
    round 1
}

# The server's secret is the right one.
peer_secret_of() { if [[ $peer == testpmd-server ]]; then echo right; else echo "$1"; fi; }

our_secret_of() { if [[ $peer == testpmd-server ]]; then echo "$1"; else echo right; fi; }

refused() {
    await 10 "word of the wrong secret" grep -qiE '^error (SecretMismatch|RefusedByPeer): .*secret' "$work/ours.log"
}
