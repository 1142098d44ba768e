# Sourced by bench: what TLS costs clients. A gateway with TLS and one without before the same servers,
# and memcached with and without; the same loads on all four in turn, and then new connections.

tls_loads="get set mix" tls_connects=300

tls() {
  loads=$tls_loads
  parse "$@"
  [[ $(memcached -h) == *--enable-ssl* ]] || die "memcached was built without TLS"
  prepare_alone
  tls_targets
  report_tls_head >"$work/report"
  local load
  for load in $loads; do
    read_load "$load"
    [ "$servers" = 3 ] || wrong "there is one cluster, of three servers: $load"
    echo "scripts/bench: $load ..." >&2
    tls_load "$load" | tee -a "$work/report"
  done
  tls_handshakes >>"$work/report"
  cat "$work/report"
  echo "scripts/bench: took $SECONDS s" >&2
  [ "$write" != yes ] || replace_section "$KUMO_ROOT/docs/performance.md" TLS "$work/report"
}

tls_targets() { # starts all that is measured
  local made="$work/certificates" port=$((base + 291))
  "$scripts/kumoctl" cert init "$made" >/dev/null
  "$scripts/kumoctl" cert node "$made" 127.0.0.1 >/dev/null
  start_beside memcached -t 1 -m 1024 -U 0 -l "notls:127.0.0.1:$port,127.0.0.1:$((port + 1))" -Z \
    -o "ssl_chain_cert=$made/127.0.0.1.crt,ssl_key=$made/127.0.0.1.key" -u "$(id -un)"
  wait_for $((port + 1))
  start_cluster 3
  start_beside "$scripts/kumo-gateway" -m "127.0.0.1:$base" \
    -t "127.0.0.1:$((base + 293))" --tls-cert "$made/127.0.0.1.crt" --tls-key "$made/127.0.0.1.key"
  wait_for $((base + 293))
  # The order is that of the awk programs below.
  tls_options=(--tls-ca "$made/ca.crt" "kumo-tls=tls://127.0.0.1:$((base + 293))"
    "kumo=127.0.0.1:$((base + 290))" "memcached-tls=tls://127.0.0.1:$((port + 1))" "memcached=127.0.0.1:$port")
  tls_bench -m get=6,set=3,mget=1 --key-prefix bench100 -d 1s -w 12s >/dev/null
}

tls_bench() { # options of kumobench
  timeout 900 "$scripts/kumobench" "$@" "${tls_options[@]}" >"$work/load" 2>&1 ||
    { cat "$work/load" >&2; die "a load failed"; }
  cat "$work/load"
}

tls_load() { # name: a row
  local mix=$operation
  [ "$mix" != mix ] || mix=get=9,set=1
  tls_bench -m "$mix" -n "$flight" -c "$connections" -s "$value_bytes" --key-prefix "bench$value_bytes" \
    --rounds "$rounds" -d "$duration" -w "$warm_up" -o json | report_tls_row "$1" "$rounds"
}

report_tls_row() { # name, rounds; kumobench's JSON on standard input
  awk -v name="$1" -v rounds="$2" '
    function median(list, n,   i, j, t) {
      for (i = 2; i <= n; i++)
        for (j = i; j > 1 && list[j - 1] > list[j]; j--) { t = list[j]; list[j] = list[j - 1]; list[j - 1] = t }
      return (list[int((n + 1) / 2)] + list[int(n / 2) + 1]) / 2
    }
    function rates(target,   i, list) {
      for (i = 1; i <= rounds; i++) list[i] = rate[target, i]
      return sprintf("%d", median(list, rounds))
    }
    function ratio(one, other,   i, list, middle) {
      for (i = 1; i <= rounds; i++) list[i] = rate[one, i] / rate[other, i]
      middle = median(list, rounds)
      return sprintf("%.2f (%.2f-%.2f)", middle, list[1], list[rounds])
    }
    # Of the targets in their order each round in its order.
    /"requests_per_second" : [0-9]/ { gsub(/[^0-9.E]/, "", $3); rate[int(seen / rounds) + 1, seen % rounds + 1] = $3 + 0; seen++ }
    END {
      if (seen != 4 * rounds) { print "kumobench reported " seen " rounds, not " 4 * rounds >"/dev/stderr"; exit 1 }
      printf "| %s | %s | %s | %s | %s | %s | %s | %s |\n", name, rates(1), rates(2), rates(3), rates(4),
        ratio(1, 3), ratio(1, 2), ratio(3, 4)
    }'
}

tls_handshakes() { # a table of what a new connection takes
  report_handshakes_head
  tls_bench --connects "$tls_connects" --key-prefix bench100 | awk '
    / p50 [0-9.]+  p90 / { name[++n] = $1; p10[n] = $3; p50[n] = $5; p90[n] = $7 }
    END {
      if (n != 4) exit 1
      for (i = 1; i < n; i += 2)
        printf "| %s | %s / %s / %s | %s / %s / %s | %.3f |\n", name[i + 1], p10[i], p50[i], p90[i],
          p10[i + 1], p50[i + 1], p90[i + 1], p50[i] - p50[i + 1]
    }'
}

report_tls_head() {
  cat <<TXT
Command: \`$command_line\`, $(date -u +%Y-%m-%d), JDK $(kumo_java_release), $(nproc) processors, $(memcached -V) \`-t 1 -Z\`,
load average at the start $(cut -d' ' -f1 /proc/loadavg). Two gateways before the same three servers, one of them with TLS, and one
memcached with a port of each kind; TLS 1.3, P-256 certificates, no certificate asked of clients. $rounds rounds of $duration
a target, all four in turn; 64 connections, 100 000 keys of 32 bytes, values of 100 bytes, all verified. Rates are medians over the
rounds; the ratio is the median of the rounds' ratios, with the least and the greatest. The generator encrypts on the same processors.

| load | kumo TLS /s | kumo /s | memcached TLS /s | memcached /s | kumo TLS / memcached TLS | kumo TLS / kumo | memcached TLS / memcached |
|---|---|---|---|---|---|---|---|
TXT
}

report_handshakes_head() {
  cat <<TXT

New connections: $tls_connects to each of the four in turn, one after another, from the TCP connect to the answer of a get, with
the handshake in full (no session is taken up), after as many to warm up. Milliseconds, p10 / p50 / p90; the goal is that TLS
takes at most 2 more.

| | TLS | plain | p50, TLS - plain |
|---|---|---|---|
TXT
}
