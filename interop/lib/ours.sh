# Our side: examples/Echo as an echo server, and the programs of this repository in general.

program() {
    echo "$root/artifacts/bin/$1/release/$1.dll"
}

# build NAME…: what is missing or older than its sources.
build() {
    local name project dll
    for name in "$@"; do
        project=$(find "$root/examples" "$here" -name "$name.csproj" -print -quit)
        dll=$(program "$name")
        if [[ ! -f $dll || -n $(find "$root/src" "${project%/*}" -name '*.cs' -newer "$dll" -print -quit) ]]; then
            run_bounded "build-$name" 300 dotnet build "$project" -c Release -nodeReuse:false -p:UseSharedCompilation=false || return
            touch "$dll"
        fi
    done
}

# ours_start Client|Server
ours_start() {
    spawn ours dotnet "$(program Echo)" --server \
        --connection "Socket=$socket;Role=$1;Address=$our_address/24" --port "$echo_port"
    [[ $1 == Client ]] || await 15 "socket of our server" test -S "$socket"
}

ours_state() {
    awk '$1 == "state" { state = $2 } END { print state }' "$work/ours.log"
}

ours_is() { [[ $(ours_state) == "$1" ]]; }

ours_is_not() { ! ours_is "$1"; }

ours_is_up() {
    await 15 "state Up of ours" ours_is Up
}

ours_notices_the_loss() {
    await 10 "state change of ours after the peer died" ours_is_not Up
}

ours_is_ready() {
    await 15 "echo socket of ours" grep -q "^ready $our_address:$echo_port" "$work/ours.log"
}

# ours_stop: leaves on request, with exit code 0.
ours_stop() {
    is_running ours || { fail "our process died: $(last_line ours)"; return; }
    kill -TERM "${pid_of[ours]}"
    reap ours 10 || fail "our process did not leave with exit code 0: $(last_line ours)"
}
