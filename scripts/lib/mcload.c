/*
 * A second opinion on kumobench's figures: a closed loop of memcached text requests from one
 * thread, with epoll and no library. scripts/bench compiles it where there is a C compiler.
 *
 *   mcload PORT OPERATION CONNECTIONS IN_FLIGHT VALUE_BYTES SECONDS
 *
 * OPERATION is fill (store every key once, then end), get, set, mget (32 keys) or mix (9 gets, 1
 * set). Prints requests per second, microseconds of its own processor time a request, and hits in
 * percent. A wrong reply ends it with 1.
 */
#include <arpa/inet.h>
#include <netinet/tcp.h>
#include <stdio.h>
#include <stdlib.h>
#include <string.h>
#include <sys/epoll.h>
#include <sys/resource.h>
#include <sys/socket.h>
#include <time.h>
#include <unistd.h>

enum { KEYS = 100000, MULTI = 32, BUFFER = 1 << 20, MAX_CONNECTIONS = 1024 };

struct connection {
  int fd, flying;
  int keys[64]; /* of the requests in flight, oldest first: 0 for a set */
  size_t have;
  char *in;
};

static const char *operation;
static int value_bytes;
static long next_fill, asked, found;
static unsigned long long seed = 88172645463325252ULL;
static char value[1 << 16], out[BUFFER];

static void fail(const char *what) {
  fprintf(stderr, "mcload: %s\n", what);
  exit(1);
}

static double now(clockid_t clock) {
  struct timespec t;
  clock_gettime(clock, &t);
  return t.tv_sec + t.tv_nsec / 1e9;
}

static long pick(void) {
  seed ^= seed << 13;
  seed ^= seed >> 7;
  seed ^= seed << 17;
  return (long)(seed % KEYS);
}

static char *put_key(char *p, long key) {
  return p + sprintf(p, " mcload%d%0*ld", value_bytes, value_bytes < 1000 ? 23 : 22, key);
}

/* Appends one request; returns its keys, 0 for a set, -1 when there is nothing left to do. */
static int request(char **p) {
  int set = !strcmp(operation, "set") || (!strcmp(operation, "mix") && pick() % 10 == 0);
  if (!strcmp(operation, "fill")) {
    if (next_fill == KEYS) return -1;
    set = 1;
  }
  if (set) {
    long key = !strcmp(operation, "fill") ? next_fill++ : pick();
    *p = put_key(*p + sprintf(*p, "set"), key);
    *p += sprintf(*p, " 0 0 %d\r\n", value_bytes);
    memcpy(*p, value, value_bytes);
    *p += value_bytes;
    *p += sprintf(*p, "\r\n");
    return 0;
  }
  int keys = !strcmp(operation, "mget") ? MULTI : 1;
  *p += sprintf(*p, "get");
  for (int i = 0; i < keys; i++) *p = put_key(*p, pick());
  *p += sprintf(*p, "\r\n");
  return keys;
}

static void send_requests(struct connection *c, int room) {
  char *p = out;
  while (room-- > 0) {
    int keys = request(&p);
    if (keys < 0) break;
    c->keys[c->flying++] = keys;
  }
  for (char *from = out; from < p;) {
    ssize_t sent = send(c->fd, from, p - from, MSG_NOSIGNAL);
    if (sent <= 0) fail("send");
    from += sent;
  }
}

/* The length of the oldest reply, 0 while it is not all there. */
static size_t reply(struct connection *c, const char *from, const char *end) {
  const char *p = from;
  int hits = 0;
  for (;;) {
    const char *eol = memchr(p, '\n', end - p);
    if (!eol) return 0;
    if (c->keys[0] == 0) {
      if (strncmp(p, "STORED", 6)) fail("a set was not stored");
      return eol + 1 - from;
    }
    if (!strncmp(p, "END", 3)) {
      asked += c->keys[0];
      found += hits;
      return eol + 1 - from;
    }
    if (strncmp(p, "VALUE", 5)) fail("a get was not answered");
    p = eol + 1 + value_bytes + 2;
    hits++;
    if (p > end) return 0;
  }
}

static int receive(struct connection *c) {
  ssize_t got = recv(c->fd, c->in + c->have, BUFFER - c->have, 0);
  if (got <= 0) fail("the connection was closed");
  c->have += got;
  char *p = c->in, *end = c->in + c->have;
  int done = 0;
  size_t length;
  while (c->flying > 0 && (length = reply(c, p, end)) > 0) {
    p += length;
    memmove(c->keys, c->keys + 1, --c->flying * sizeof(int));
    done++;
  }
  c->have = end - p;
  memmove(c->in, p, c->have);
  return done;
}

int main(int count, char **args) {
  static struct connection connections[MAX_CONNECTIONS];
  if (count != 7) fail("PORT OPERATION CONNECTIONS IN_FLIGHT VALUE_BYTES SECONDS");
  operation = args[2];
  int n = atoi(args[3]), flight = atoi(args[4]);
  value_bytes = atoi(args[5]);
  double seconds = atof(args[6]);
  if (n < 1 || n > MAX_CONNECTIONS || flight < 1 || flight > 64 || value_bytes > 60000)
    fail("a number is out of its range");
  memset(value, 'v', sizeof value);
  struct sockaddr_in to = {.sin_family = AF_INET, .sin_port = htons(atoi(args[1]))};
  to.sin_addr.s_addr = htonl(INADDR_LOOPBACK);
  int poll = epoll_create1(0), yes = 1;
  for (int i = 0; i < n; i++) {
    struct connection *c = &connections[i];
    c->in = malloc(BUFFER);
    c->fd = socket(AF_INET, SOCK_STREAM, 0);
    setsockopt(c->fd, IPPROTO_TCP, TCP_NODELAY, &yes, sizeof yes);
    if (connect(c->fd, (struct sockaddr *)&to, sizeof to)) fail("cannot connect");
    struct epoll_event event = {.events = EPOLLIN, .data.ptr = c};
    epoll_ctl(poll, EPOLL_CTL_ADD, c->fd, &event);
  }
  double start = now(CLOCK_MONOTONIC), warm = start + seconds / 4, end = warm + seconds;
  double cpu = 0, from = start;
  long answered = 0;
  for (int i = 0; i < n; i++) send_requests(&connections[i], flight);
  for (double t = start; t < end; t = now(CLOCK_MONOTONIC)) {
    if (cpu == 0 && t >= warm) {
      cpu = now(CLOCK_PROCESS_CPUTIME_ID);
      from = t;
      answered = 0;
    }
    struct epoll_event events[256];
    int ready = epoll_wait(poll, events, 256, 1000), flying = 0;
    for (int i = 0; i < ready; i++) {
      int done = receive(events[i].data.ptr);
      answered += done;
      send_requests(events[i].data.ptr, done);
    }
    if (!strcmp(operation, "fill")) {
      for (int i = 0; i < n; i++) flying += connections[i].flying;
      if (!flying) return 0;
      end = t + 60;
    }
  }
  double took = now(CLOCK_MONOTONIC) - from;
  printf("%.0f %.2f %.1f\n", answered / took,
         (now(CLOCK_PROCESS_CPUTIME_ID) - cpu) / answered * 1e6, asked ? 100.0 * found / asked : 100);
  return 0;
}
