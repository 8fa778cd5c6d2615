# Frames of one to thirty-two buffers, mixed, there and back. testpmd never clears the mark "goes on in the
# next buffer" when it sends. That works with a peer that clears it in the buffers it posts, as our client does.
# When testpmd is the client, or at both ends, frames run into one another, unless each takes the same
# power of two of buffers.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    if [[ $peer == testpmd-pair ]]; then
        pair_carries 1500,1500,1500 && { [[ -z $pair_difference ]] || peer_limit "$pair_difference"; }
        return
    fi

    testpmd_options=(--forward-mode=macswap)
    raw_options=(loop --count 5000 --sizes 60-65535 --burst 8 --window 16)
    round 1 || { is_limited_like_the_pair && peer_limit "marks of old frames are left on the ring: $(last_line ours)"; }
}

# Only what testpmd sends as a client, and only frames that run into the next.
is_limited_like_the_pair() {
    [[ $peer == testpmd-client && $why =~ "wrong queue".*" bytes, not "|"a chain is longer" ]] || return
    [[ -n ${pair_limit[chained-mixed]:-} ]] || fail "$why (testpmd-pair chained-mixed, run before, tells whether testpmd can)"
}
