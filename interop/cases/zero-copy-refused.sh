# The same without having been told: refused, with a sentence that names the cause and the cure.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    memif_options=,zero-copy=yes
    testpmd_options=(--forward-mode=macswap)
    raw_options=(loop --count 1000)
    connect \
        && await 10 "refusal of memory without a seal" grep -qE '^error .*(seal|shrink)' "$work/ours.log" \
        && testpmd_link peer down \
        && ours_stop
}
