# The Linux kernel as the far end: a namespace with a TAP in it, made here and gone with the
# process that holds it.

readonly kernel_address=198.18.0.1 our_address=198.18.0.2 echo_port=7000

# namespace_start NAME: a network namespace without a name of its own in the file system;
# it lives exactly as long as the process that holds it.
namespace_start() {
    spawn "$1" unshare --net -- sleep infinity
    await 5 "network namespace" namespace_is_new "$1"
}

namespace_is_new() {
    local mine theirs
    mine=$(readlink /proc/self/ns/net)
    theirs=$(readlink "/proc/${pid_of[$1]}/ns/net") && [[ $theirs != "$mine" ]]
}

# inside NAMESPACE COMMAND…
inside() {
    local namespace=$1
    shift
    nsenter --net="/proc/${pid_of[$namespace]}/ns/net" -- "$@"
}

# tap_up NAMESPACE TAP ADDRESS: the device has no transmit offload, so that the kernel writes
# whole checksums and the capture can be judged in both directions.
tap_up() {
    inside "$1" ip address add "$3/24" dev "$2" 2>>"$work/kernel.log" || { fail "no address for $2"; return; }
    inside "$1" ip link set "$2" up
    inside "$1" ethtool -K "$2" tx off >>"$work/kernel.log" 2>&1 || fail "cannot switch off transmit offload of $2"
}

# ping_all SIZE…: until twenty echo requests of each payload size are answered; ping itself compares
# the payloads. With -w it waits for late answers too; that none is missing, the capture tells.
ping_all() {
    local size
    for size in "$@"; do
        run_bounded "ping-$size" 30 nsenter --net="/proc/${pid_of[netns]}/ns/net" -- \
            ping -n -c 20 -i 0.02 -w 20 -s "$size" "$our_address" || return
        # A slow moment makes ping send a few more than it waits for; that those are answered, too, is the capture's affair.
        grep -qE ' [2-9][0-9] received, ' "$work/ping-$size.log" \
            || { fail "ping of $size bytes: $(grep received "$work/ping-$size.log")"; return; }
        ! grep -qE 'wrong data|DUP' "$work/ping-$size.log" || { fail "ping of $size bytes: $(grep -m1 -E 'wrong data|DUP' "$work/ping-$size.log")"; return; }
    done
}

# kernel_load TAP: the same without end, in the background; returns when it is well under way.
kernel_load() {
    local enough=$(($(tap_received "$1") + 1000))
    spawn load nsenter --net="/proc/${pid_of[netns]}/ns/net" -- \
        dotnet "$(program KernelUdp)" send "$our_address" "$echo_port" 1000000000
    await 15 "echoes under load" tap_received_at_least "$1" "$enough"
}

# tap_received TAP: frames that came to the kernel so far.
tap_received() {
    awk -v tap="$1:" '$1 == tap { print $3 }' "/proc/${pid_of[netns]}/net/dev"
}

tap_received_at_least() {
    [[ $(tap_received "$1") -ge $2 ]]
}

# kernel_echo COUNT: an ordinary UDP socket sends COUNT datagrams and wants each of them back.
kernel_echo() {
    run_bounded kernel-udp 300 nsenter --net="/proc/${pid_of[netns]}/ns/net" -- \
        dotnet "$(program KernelUdp)" send "$our_address" "$echo_port" "$1"
}
