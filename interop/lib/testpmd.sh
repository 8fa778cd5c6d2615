# DPDK's testpmd as a process: started with one memif port and, where asked for, a TAP whose
# kernel side lies in a namespace. It is driven through its command line, fed from a FIFO:
# it leaves when its input ends.
#
# A case may set what is added to the memif port, as in memif_options=,rsize=6 (a comma before each),
# and to testpmd itself, as in testpmd_options=(--rxq=2 --txq=2).

declare -A fifo_of=()

# testpmd_start NAME ROLE [NAMESPACE TAP]: no NAMESPACE means memif alone.
testpmd_start() {
    local name=$1 role=$2 namespace=${3:-} tap=${4:-} fifo=$work/$1.fifo fd
    local -a command=(stdbuf -oL dpdk-testpmd)
    local -a eal=(--no-huge -m 256 --no-pci --file-prefix "zmemif-$$-$name" --lcores "$(lcores "$name")"
        --vdev "net_memif0,role=$role,id=0,socket=$socket,socket-abstract=no$memif_options")
    local -a app=(-i --forward-mode=io --disable-link-check --no-flush-rx --total-num-mbufs=8192 "${testpmd_options[@]}")

    [[ $role == server ]] || eal+=(--single-file-segments)
    if [[ -n $namespace ]]; then
        command=(nsenter --net="/proc/${pid_of[$namespace]}/ns/net" -- "${command[@]}")
        eal+=(--vdev "net_tap0,iface=$tap")
    fi

    # A server that was killed leaves its socket file behind and cannot bind over it.
    [[ $role == client ]] || rm -f "$socket"
    [[ -p $fifo ]] || { mkfifo "$fifo" && exec {fd}<>"$fifo" && fifo_of[$name]=$fd; }

    # The run-time files of this DPDK process go where they are removed with everything else.
    RUNTIME_DIRECTORY=$work spawn "$name" "${command[@]}" "${eal[@]}" -- "${app[@]}" <"$fifo"
    await 20 "prompt of $name" grep -q 'testpmd>' "$work/$name.log"
}

# The core that answers the command line idles; the one that forwards spins. Two testpmds
# spin on different cores where there are two.
lcores() {
    local -a cpus
    mapfile -t cpus <<<"$(allowed_cpus)"
    local first=${cpus[0]} second=${cpus[1]:-${cpus[0]}}
    if [[ $1 == peer ]]; then echo "0@$first,1@$second"; else echo "0@$second,1@$first"; fi
}

allowed_cpus() {
    awk '/^Cpus_allowed_list:/ {
        n = split($2, ranges, ",")
        for (i = 1; i <= n; i++) {
            last = split(ranges[i], ends, "-")
            for (cpu = ends[1] + 0; cpu <= ends[last] + 0; cpu++) print cpu
        }
    }' /proc/self/status
}

# testpmd_ask NAME COMMAND PATTERN: gives a command and waits for the line that ends its answer.
testpmd_ask() {
    local before
    before=$(testpmd_said "$1" "$3")
    testpmd_command "$1" "$2"
    await 10 "answer of $1 to '$2'" testpmd_said_more "$1" "$3" "$before"
}

testpmd_said() {
    grep -c -- "$2" "$work/$1.log"
}

testpmd_said_more() {
    [[ $(testpmd_said "$1" "$2") -gt $3 ]]
}

testpmd_command() {
    echo "$2" >&"${fifo_of[$1]}"
}

# testpmd_link NAME up|down: what testpmd itself says about its memif port.
testpmd_link() {
    await 15 "memif link $2 at $1" testpmd_says_link "$1" "$2"
}

testpmd_says_link() {
    testpmd_command "$1" "show port summary 0"
    sleep 0.2
    [[ $(awk '$3 == "net_memif0" { status = $5 } END { print status }' "$work/$1.log") == "$2" ]]
}

# forwarding_starts: not before the link is up, because net_memif as a server can crash when its link comes up while it
# forwards (it may have taken the address of a ring before that was mapped).
forwarding_starts() {
    local name
    for name in peer far; do
        [[ -n ${pid_of[$name]:-} ]] || continue
        testpmd_link "$name" up && testpmd_ask "$name" start 'packet forwarding - ports=' || return
    done
}

# testpmd_pause NAME: ends the forwarding, which an orderly operator does before the link goes away.
testpmd_pause() {
    testpmd_ask "$1" stop '^Done\.'
}

testpmd_quit() {
    testpmd_command "$1" quit
    reap "$1" 10 || fail "$1 did not leave in order: $(last_line "$1")"
}

# testpmd_counters NAME QUEUES: a line per queue, in our words: what we sent is what it received.
testpmd_counters() {
    testpmd_ask "$1" "show port xstats 0" "^tx_q$(($2 - 1))_bytes:" || return
    awk -v queues="$2" '
        /^[rt]x_q[0-9]+_(packets|bytes): / { sub(/:/, "", $1); value[$1] = $2 }
        END {
            for (q = 0; q < queues; q++)
                print "queue " q " sent " value["rx_q" q "_packets"] " " value["rx_q" q "_bytes"] \
                    " received " value["tx_q" q "_packets"] " " value["tx_q" q "_bytes"]
        }' "$work/$1.log"
}
