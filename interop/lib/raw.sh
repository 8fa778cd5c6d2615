# Our raw layer in place of examples/Echo: numbered frames, every byte compared, no IP. A case that loads
# this file sets raw_options, a mode and its options (see RawPeer/Settings.cs), before it connects.

# ours_start Client|Server
ours_start() {
    spawn ours dotnet "$(program RawPeer)" "${raw_options[@]}" --socket "$socket" --role "$1"
    await 15 "start of ours" grep -q '^started' "$work/ours.log"
}

# both_up: the link, and then the traffic; the order of connect is the peer's business.
both_up() {
    connect && ours_is_up && forwarding_starts
}

# ours_is_done QUEUES: every queue has carried its frames, on the connection of now.
ours_is_done() {
    await 30 "end of the frames (${raw_options[*]})" ours_said_done "$1"
}

ours_said_done() {
    [[ $(grep -c '^done' "$work/ours.log") -ge $1 ]]
}

# both_stop QUEUES: in order; both sides must have counted the same packets and bytes on each queue.
both_stop() {
    local theirs ours
    testpmd_pause peer || return
    theirs=$(testpmd_counters peer "$1")
    [[ -n $theirs ]] || { fail "no counters of testpmd: $(last_line peer)"; return; }
    ours_stop || return
    ours=$(grep '^queue' "$work/ours.log")
    [[ $theirs == "$ours" ]] || { fail "counters differ: testpmd ${theirs//$'\n'/, }; ours ${ours//$'\n'/, }"; return; }
    testpmd_quit peer
}

# round QUEUES: connects, lets all frames pass, compares the counters, and leaves.
round() {
    both_up && ours_is_done "$1" && both_stop "$1"
}

# traffic_flows CONNECTION: frames come back on our connection of this number.
traffic_flows() {
    await 20 "traffic on connection $1" grep -q "^flows queue 0 connection $1\$" "$work/ours.log"
}
