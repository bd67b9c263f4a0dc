#!/usr/bin/env bash
# The whole way from a recording to its transcripts on this machine: the stand-in for the service, the gateway, and a
# client that streams the recording. Needs neither a key nor the internet. With ONCE=1 it ends after the recording;
# otherwise it goes on serving, with a real recogniser behind the stand-in where Debian's pocketsphinx is installed or
# can be, so that the demo page shows what is said into it.
set -euo pipefail
cd "$(dirname "$0")/.."

program=${FENNEC_GATEWAY:-.build/debug/fennec-gateway}
audio=Tests/Fixtures/audio/speech.wav
texts=Tests/Fixtures/audio/speech.json
state=$(mktemp -d)
declare -A pids=()

# stop NAME: ends a program that was started, and waits for its end.
stop() {
    [ -z "${pids[$1]:-}" ] || { kill "${pids[$1]}" && wait "${pids[$1]}"; } 2>/dev/null || true
}

finish() {
    local status=$?
    trap - EXIT INT TERM
    # The gateway first: its sessions end in order while the service is still there.
    stop gateway
    stop stand-in
    rm -rf "$state"
    exit "$status"
}
trap finish EXIT
trap 'exit 130' INT TERM

# start NAME PATTERN COMMAND...: starts a program and waits until it has written what PATTERN finds.
start() {
    local name=$1 pattern=$2
    shift 2
    "$@" >"$state/$name.log" 2>&1 &
    pids[$name]=$!
    for _ in $(seq 100); do
        grep -q "$pattern" "$state/$name.log" && return
        kill -0 "${pids[$name]}" 2>/dev/null || break
        sleep 0.1
    done
    echo "demo: the $name did not start; is port 8080, 9780 or 9900 in use? It said:" >&2
    cat "$state/$name.log" >&2
    exit 1
}

serve() {
    CREDENTIALS_DIRECTORY=$state/credentials start gateway '"listener":"admin"' \
        "$program" serve --config config/demo.yaml
}

# Installs the recogniser; fails, after saying so, where that cannot be. It asks nothing.
install_recogniser() {
    local packages=(pocketsphinx pocketsphinx-en-us) sudo=()
    command -v apt-get >/dev/null || return 1
    [ "$(id -u)" = 0 ] || sudo=(sudo -n)
    echo "demo: installing Debian packages: ${packages[*]}"
    "${sudo[@]}" apt-get update -qq >"$state/apt.log" 2>&1 &&
        "${sudo[@]}" env DEBIAN_FRONTEND=noninteractive apt-get install -y -qq --no-install-recommends \
            "${packages[@]}" >>"$state/apt.log" 2>&1 && return
    echo "demo: that did not work: $(tail -n 1 "$state/apt.log")"
    return 1
}

echo "demo: starting the stand-in for the service on 127.0.0.1:9900"
start stand-in listening "$program" simulate --listen 127.0.0.1:9900 --transcripts "$texts"

(umask 077 && mkdir "$state/credentials" && echo "demo-key-of-no-value" >"$state/credentials/fennec-api-key")
echo "demo: starting the gateway on 127.0.0.1:8080 with config/demo.yaml"
serve

echo "demo: streaming $audio through the gateway"
echo
status=0
"$program" stream "$audio" --url ws://127.0.0.1:8080/api/v1/transcribe/stream --expect "$texts" || status=$?

record() { grep '"session ended"' "$state/gateway.log"; }
for _ in $(seq 50); do record >/dev/null && break || sleep 0.1; done
echo
echo "demo: the session's usage record:"
record | tail -n 1 | sed -e 's/^{/  /; s/}$//; s/,"/\n  "/g'
[ "$status" = 0 ] || echo "demo: the stream failed or its transcripts are wrong" >&2
[ "${ONCE:-}" != 1 ] || exit "$status"

# For the first stream the stand-in knew the words. From now on it has to hear them.
echo
recogniser=()
if command -v pocketsphinx_continuous >/dev/null && [ -d /usr/share/pocketsphinx/model/en-us ] || install_recogniser; then
    recogniser=(--recognizer-command "pocketsphinx_continuous -logfn /dev/null -infile")
    echo "demo: the stand-in now hears with pocketsphinx, English only, and makes mistakes"
else
    echo "demo: without pocketsphinx the stand-in describes what it hears instead of writing it down"
fi
stop gateway
stop stand-in
start stand-in listening "$program" simulate --listen 127.0.0.1:9900 "${recogniser[@]}"
serve

cat <<'END'

demo: try next, while this runs:
  the demo page          http://localhost:8080/     speak, and read along
  a stream of your own   .build/debug/fennec-gateway stream FILE.wav
  metrics                http://127.0.0.1:9780/metrics
  health, for operators  http://127.0.0.1:9780/livez and /readyz
  from any program       ws://127.0.0.1:8080/api/v1/transcribe/stream
demo: serving until Ctrl-C
END
trap 'exit 0' INT TERM
wait "${pids[gateway]}"
