# One, two and four queues each way; a frame comes back on the queue it went out on.
source "$here/lib/raw.sh"
case_needs=(stdbuf)

run_case() {
    local queues
    for queues in 1 2 4; do
        testpmd_options=(--forward-mode=macswap "--rxq=$queues" "--txq=$queues")
        raw_options=(loop --count 20000 --queues "$queues")
        round "$queues" || { why="$queues queues: $why"; return 1; }
    done
}
