# Sourced by scripts/bench: turns kumobench's reports into a table of Markdown.

report_head() {
  cat <<TXT
Command: \`$command_line\`, $(date -u +%Y-%m-%d), $(nproc) processors
($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), Linux $(uname -r), JDK $(kumo_java_version),
$(memcached -V). One manager, $servers servers, one gateway, $rounds rounds of $duration a target in turn,
64 connections, 100 000 keys of 32 bytes, values of 100 bytes, all verified, unless the name of the
load says otherwise: 16 requests in flight (get16), connections (-c1, -c16), bytes of a value (-1k).
Load average at the start: $(cut -d' ' -f1 /proc/loadavg). Rates and latencies are medians over the rounds;
the ratio is the median of the rounds' ratios, with the least and the greatest. CPU is in
microseconds per request: of gateway and servers together, and of memcached.

| load | kumo /s | memcached /s | ratio | p50 ms | p99 ms | p99.9 ms | CPU µs |
|---|---|---|---|---|---|---|---|
TXT
}

report_row() { # name; kumobench's text on standard input
  awk -v name="$1" '
    function field(label,   i) { for (i = 1; i < NF; i++) if ($i == label) return $(i + 1); return "-" }
    /\/s$/ && /^[a-z]+ / { target++; rate[target] = $2; sub(/\/s$/, "", rate[target]) }
    / p50 .* ms/ { if (p50[target] == "") { p50[target] = field("p50"); p99[target] = field("p99"); p999[target] = field("p99.9") } }
    /CPU s per million/ { cpu[target] = field("target") }
    /^  requests\/s/ { $1 = ""; ratio = $0; sub(/^ */, "", ratio) }
    END {
      printf "| %s | %s | %s | %s | %s / %s | %s / %s | %s / %s | %s / %s |\n", name, rate[1], rate[2],
        ratio, p50[1], p50[2], p99[1], p99[2], p999[1], p999[2], cpu[1], cpu[2]
    }'
}

redis_row() { # requests in flight; redis-benchmark --csv on standard input
  awk -F'","|"' -v flight="$1" '
    $2 == "SET" || $2 == "GET" { printf "| redis %s, %s in flight | %.0f | | | %s | %s | | |\n", tolower($2), flight, $3, $6, $8 }'
}

report_tail() {
  echo
  echo "The rows of redis come from redis-benchmark, one server without persistence, for orientation."
}

replace_section() { # file heading text-file: the text becomes the whole of "## heading"
  awk -v heading="## $2" -v text="$3" '
    function put(  line) { print heading; print ""; while ((getline line < text) > 0) print line; print ""; done = 1 }
    $0 == heading { put(); skipping = 1; next }
    /^## / { skipping = 0 }
    !skipping { print }
    END { if (!done) put() }' "$1" >"$1.new"
  mv -- "$1.new" "$1"
}
