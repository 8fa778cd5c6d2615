# testpmd lends its own packet memory. That is not sealed, so our server takes it only when told to, and warns.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    memif_options=,zero-copy=yes
    testpmd_options=(--forward-mode=macswap)
    raw_options=(loop --count 200000 --seals Warn)
    both_up \
        && ours_is_done 1 \
        && both_stop 1 \
        && { grep -qE '^warning .*(seal|shrink)' "$work/ours.log" || fail "no warning of memory without a seal"; }
}
