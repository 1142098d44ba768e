# Sourced by scripts/bench: turns kumobench's reports into tables of Markdown.

report_head() {
  cat <<TXT
Command: \`$command_line\`, $(date -u +%Y-%m-%d), $(nproc) processors
($(sed -n 's/^model name[^:]*: //p' /proc/cpuinfo | head -n 1)), Linux $(uname -r), JDK $(kumo_java_version),
$(memcached -V) \`-t 1\`. One manager, three servers, one gateway, default options; $rounds rounds of
$duration a target in turn; 64 connections, 100 000 keys of 32 bytes, values of 100 bytes, all
verified, unless the name of the load says otherwise: connections (-c1, -c16), bytes of a value
(-1k), one server (-s1). get16 has 16 requests in flight, mget asks for 32 keys, mix is 9 gets and 1
set. Load average at the start: $(cut -d' ' -f1 /proc/loadavg). Rates are medians over the rounds; the ratio is the
median of the rounds' ratios, with the least and the greatest. Times are milliseconds, kumo /
memcached, of a mix those of its gets. CPU is processor seconds of a million requests: gateway + each server / memcached. "in
C" is the ratio that a second generator finds (\`scripts/lib/mcload.c\`, one run); calls are system
calls of a request but for looks at the sockets that do not block: of the gateway + of all servers (perf).

| load | kumo /s | memcached /s | ratio | goal / stretch | in C | p50 | p99 | p99.9 | CPU | calls |
|---|---|---|---|---|---|---|---|---|---|---|
TXT
}

goal_of() { # load: goal / stretch
  case $1 in
    get) echo "0.50 / 0.65" ;;
    get16) echo "1.5 / 2.5" ;;
    mget) echo "1.0 / 2.0" ;;
    set) echo "0.30 / 0.45" ;;
    mix) echo "0.45 / 0.60" ;;
    get-c1) echo "0.65" ;;
    set-c1) echo "0.45" ;;
    mix-c1) echo "0.60" ;;
    mget-c1) echo "0.50" ;;
  esac
}

report_row() { # name, ratio in C, system calls; kumobench's text on standard input
  awk -v name="$1" -v inc="$2" -v calls="$3" -v goal="$(goal_of "$1")" '
    function field(label,   i) { for (i = 1; i < NF; i++) if ($i == label) return $(i + 1); return "-" }
    function cpu(   text) {
      text = $0; sub(/.*target /, "", text)
      if (text ~ / = /) { sub(/.* = /, "", text); sub(/  .*/, "", text); return text }
      sub(/ .*/, "", text); return text
    }
    function times(a) { return a[1] " / " a[target] }
    /\/s$/ && /^[a-z]+ / { target++; rate[target] = $2; sub(/\/s$/, "", rate[target]) }
    / p50 .* ms/ {
      if (p50[target] == "") { p50[target] = field("p50"); p99[target] = field("p99"); p999[target] = field("p99.9") }
    }
    /CPU s per million/ { used[target] = cpu() }
    /^  requests\/s/ && ratio == "" { $1 = ""; ratio = $0; sub(/^ */, "", ratio) }
    END {
      printf "| %s | %s | %s | %s | %s | %s | %s | %s | %s | %s | %s |\n", name, rate[1], rate[target],
        ratio, goal, inc, times(p50), times(p99), times(p999), used[1] " / " used[target], calls
    }'
}

relay_row() { # name; kumobench's text on standard input; nothing when no relay was measured
  awk -v name="$1" '
    /\/s$/ && /^[a-z]+ / { target++ }
    / p50 .* ms/ && p50[target] == "" { for (i = 1; i < NF; i++) if ($i == "p50") p50[target] = $(i + 1) }
    /^  requests\/s/ { $1 = ""; sub(/^ */, ""); ratio[++ratios] = $0 }
    END {
      if (target == 4) {
        printf "| %s | %s | %s | %s | %s / %s / %s / %s | %.2f |\n", name, ratio[1], ratio[2], ratio[3],
          p50[1], p50[2], p50[3], p50[4], p50[1] / p50[4]
      }
    }'
}

report_relays() { # file of rows
  [ -s "$1" ] || return 0
  cat <<TXT

One connection, beside memcached behind one bare relay and behind two (\`kumobench --relay\`, the
same event loops, which here block at once, and nothing else), in the same rounds; all ratios to memcached itself. A get passes
one process more than with memcached, a set two.

| load | kumo | one hop more | two hops more | p50 kumo / one / two / memcached | p50 kumo : memcached |
|---|---|---|---|---|---|
TXT
  cat "$1"
}

report_runtimes_head() {
  cat <<TXT
Command: \`$command_line\`, $(date -u +%Y-%m-%d), load average at the start $(cut -d' ' -f1 /proc/loadavg);
a fresh cluster of three servers each, 64 connections, $rounds rounds of $duration. Ratios to memcached in the same
rounds, and processor seconds of a million requests, gateway and servers together.

| runtime | get | set | mix | mget |
|---|---|---|---|---|
TXT
}

report_runtime() { # name; kumobench's texts of get, set, mix and mget on standard input
  awk -v name="$1" '
    BEGIN { printf "| %s", name }
    /CPU s per million/ { text = $0; sub(/.*target /, "", text); sub(/ .*/, "", text); used[++count] = text }
    /^  requests\/s/ { printf " | %s, %s s", $2, used[count - 1] }
    END { print " |" }'
}

report_records_head() {
  cat <<TXT
Command: \`$command_line\`, $(date -u +%Y-%m-%d), load average at the start $(cut -d' ' -f1 /proc/loadavg);
one server, one gateway, default options, 64 connections, keys of 32 bytes, values of 100 bytes,
$duration each. Requests a second, and processor seconds of a million requests in the server. Heap in
use after a collection, of 512 MB; memory is resident and not shared with files. Start is that of the
store, after a kill / after a clean stop.

| records | get | set | mix | mget | heap | memory | start |
|---|---|---|---|---|---|---|---|
TXT
}

report_records() { # count, and the files of loads, heap, /proc/PID/status and the server's log
  awk -v count="$1" '
    FILENAME == ARGV[1] && /\/s$/ && /^kumo/ { rate[++n] = $2 }
    FILENAME == ARGV[1] && /CPU s per million/ { used[n] = $NF }
    FILENAME == ARGV[2] && /total.* used / { text = $0; sub(/.* used /, "", text); heap += text / 1024 }
    FILENAME == ARGV[3] && /^RssAnon/ { memory = $2 / 1024 }
    FILENAME == ARGV[4] && /opened in/ { text = $0; sub(/.*opened in /, "", text); killed = start; start = text + 0 }
    END {
      printf "| %d | %s, %s s | %s, %s s | %s, %s s | %s, %s s | %d MB | %d MB | %.1f / %.1f s |\n", count, rate[1], used[1],
        rate[2], used[2], rate[3], used[3], rate[4], used[4], heap, memory, killed / 1000, start / 1000
    }' "$2" "$3" "$4" "$5"
}

report_redis() {
  command -v redis-benchmark >/dev/null || return 0
  cat <<TXT

Redis for orientation: its own generator, one server without persistence.

| load | /s | p50 ms | p99 ms |
|---|---|---|---|
TXT
  redis_rows
}

redis_row() { # connections, requests in flight; redis-benchmark --csv on standard input
  awk -F'","|"' -v connections="$1" -v flight="$2" '
    $2 == "SET" || $2 == "GET" {
      printf "| %s, %s connections, %s in flight | %.0f | %s | %s |\n", tolower($2), connections, flight, $3, $6, $8
    }'
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
