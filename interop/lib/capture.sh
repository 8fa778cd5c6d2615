# A capture of the TAP, and tshark's opinion of it.

capture_start() {
    spawn capture nsenter --net="/proc/${pid_of[netns]}/ns/net" -- \
        dumpcap -q -i "$1" -B 64 -w "$work/tap.pcapng"
    await 10 "capture on $1" grep -q '^File:' "$work/capture.log"
}

# capture_stop: dumpcap writes what it has read a few times a second, so it is left until it is quiet.
capture_stop() {
    await 20 "end of the capture" capture_is_quiet || return
    kill -TERM "${pid_of[capture]}"
    reap capture 10 || fail "capture: $(last_line capture)"
    grep -qE "dropped on interface '.*': [0-9]+/0 " "$work/capture.log" || fail "the capture is not whole: $(last_line capture)"
}

capture_is_quiet() {
    local size
    size=$(stat -c %s "$work/tap.pcapng")
    sleep 1
    [[ $(stat -c %s "$work/tap.pcapng") -eq $size ]]
}

# tshark verifies no checksum unless told to; port 7000 belongs to another protocol in its tables.
judge() {
    tshark -n -2 -r "$work/tap.pcapng" -o ip.check_checksum:TRUE -o udp.check_checksum:TRUE \
        -d "udp.port==$echo_port,data" "$@" 2>>"$work/tshark.log"
}

# capture_is_clean: status 1 is "good"; any other, a malformed frame or an expert warning is a finding.
capture_is_clean() {
    local findings
    judge -T fields -E occurrence=a -E aggregator=, -e frame.number -e ip.checksum.status -e udp.checksum.status \
        -e icmp.checksum.status -e _ws.malformed -e _ws.expert.severity -e _ws.expert.message -e frame.protocols \
        >"$work/judged.log" || { fail "tshark: $(last_line tshark)"; return; }
    findings=$(awk -F '\t' -v warning=$((0x600000)) '
        function bad(field) { return field != "" && field != "1" }
        { worst = 0; n = split($6, s, ","); for (i = 1; i <= n; i++) if (s[i] + 0 > worst) worst = s[i] + 0 }
        bad($2) || bad($3) || bad($4) || $5 != "" || worst >= warning {
            print "frame " $1 " (" $8 "): checksum status ip=" $2 " udp=" $3 " icmp=" $4 "; " $5 " " $7
        }' "$work/judged.log")
    [[ -z $findings ]] || fail "tshark finds $(wc -l <<<"$findings") bad frames, first: $(head -n 1 <<<"$findings")"
}

# capture_counts NAME EXPECTED FILTER: that the judged capture holds what went over the wire.
capture_counts() {
    local seen
    seen=$(capture_count "$3")
    [[ $seen -eq $2 ]] || fail "capture holds $seen $1, not $2"
}

capture_count() {
    judge -Y "$1" -T fields -e frame.number | wc -l
}
