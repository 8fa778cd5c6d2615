# Bursts of 512 frames: each one published at once, and found whole at the other end of the loop.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    testpmd_options=(--forward-mode=macswap --burst=512)
    raw_options=(burst --count 102400 --burst 512)
    round 1
}
