# Processes and waiting. Everything started goes through `spawn`, so that everything can
# be stopped by its own id; everything waited for has a limit.
#
# A step that fails calls `fail`, which keeps the first reason in $why and returns 1;
# cases are chains of steps joined by &&.

declare -A pid_of=()    # name → process id of what is running now

fail() {
    why=${why:-$*}
    return 1
}

# spawn NAME COMMAND…: runs COMMAND in the background, output to $work/NAME.log.
# COMMAND must be a program, not a function: its process id is the one that is kept.
spawn() {
    local name=$1
    shift
    : >"$work/$name.log"
    "$@" <&0 >>"$work/$name.log" 2>&1 &
    pid_of[$name]=$!
}

is_running() {
    [[ -n ${pid_of[$1]:-} ]] && kill -0 "${pid_of[$1]}" 2>/dev/null
}

# casualties: what has ended although nobody asked it to.
casualties() {
    local name
    for name in "${!pid_of[@]}"; do
        is_running "$name" || echo " $name ended ($(last_line "$name"))"
    done
}

# await SECONDS WHAT COMMAND…: polls until COMMAND succeeds; a process that ends meanwhile ends the wait.
await() {
    local end=$((SECONDS + $1)) what=$2
    shift 2
    until "$@"; do
        [[ -z $(casualties) ]] || { fail "no $what:$(casualties)"; return; }
        ((SECONDS < end)) || { fail "no $what in time"; return; }
        sleep 0.1
    done
}

# reap NAME SECONDS: waits for the end of NAME and returns its exit status; kills it when it takes too long.
reap() {
    local name=$1 ticks=$(($2 * 10)) pid=${pid_of[$1]}
    while kill -0 "$pid" 2>/dev/null; do
        if ((ticks-- == 0)); then
            kill -KILL "$pid"
            fail "$name did not end in time"
            break
        fi
        sleep 0.1
    done
    wait "$pid"
    local status=$?
    unset "pid_of[$name]"
    return $status
} 2>/dev/null   # the shell's own remarks about killed jobs

# run_bounded NAME SECONDS COMMAND…: runs COMMAND to its end. It is a background process to the
# shell, so that Ctrl+C is answered at once.
run_bounded() {
    local name=$1 seconds=$2
    shift 2
    spawn "$name" "$@"
    reap "$name" "$seconds" || fail "$name: $(last_line "$name")$(casualties)"
}

kill_hard() {
    kill -KILL "${pid_of[$1]}"
    reap "$1" 5
    return 0
}

last_line() {
    grep -v '^[[:space:]]*$' "$work/$1.log" | tail -n 1 | grep . || echo "it said nothing"
}

# end_processes: asks first, so that they can say how far they got.
end_processes() {
    local name
    for name in "${!pid_of[@]}"; do
        kill -TERM "${pid_of[$name]}" 2>/dev/null
    done
    for name in "${!pid_of[@]}"; do
        reap "$name" 3
    done
}

# clean_up: also the EXIT trap, so it must bear being called at any point and twice.
clean_up() {
    end_processes
    [[ -z ${work:-} ]] || rm -rf "$work"
    work=""
}
