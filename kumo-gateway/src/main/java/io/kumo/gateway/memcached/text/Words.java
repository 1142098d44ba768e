package io.kumo.gateway.memcached.text;

import static java.nio.charset.StandardCharsets.US_ASCII;

/** Command words as numbers to switch on (first byte lowest) and the words too long for that. */
final class Words {
  static final long GET = 'g' | 'e' << 8 | 't' << 16;
  static final long GETS = GET | (long) 's' << 24;
  static final long GAT = 'g' | 'a' << 8 | 't' << 16;
  static final long GATS = GAT | (long) 's' << 24;
  static final long SET = 's' | 'e' << 8 | 't' << 16;
  static final long ADD = 'a' | 'd' << 8 | 'd' << 16;
  static final long CAS = 'c' | 'a' << 8 | 's' << 16;
  static final long REPLACE =
      'r'
          | 'e' << 8
          | 'p' << 16
          | (long) 'l' << 24
          | (long) 'a' << 32
          | (long) 'c' << 40
          | (long) 'e' << 48;
  static final long APPEND =
      'a' | 'p' << 8 | 'p' << 16 | (long) 'e' << 24 | (long) 'n' << 32 | (long) 'd' << 40;
  static final long PREPEND =
      'p'
          | 'r' << 8
          | 'e' << 16
          | (long) 'p' << 24
          | (long) 'e' << 32
          | (long) 'n' << 40
          | (long) 'd' << 48;
  static final long DELETE =
      'd' | 'e' << 8 | 'l' << 16 | (long) 'e' << 24 | (long) 't' << 32 | (long) 'e' << 40;
  static final long INCR = 'i' | 'n' << 8 | 'c' << 16 | (long) 'r' << 24;
  static final long DECR = 'd' | 'e' << 8 | 'c' << 16 | (long) 'r' << 24;
  static final long TOUCH = 't' | 'o' << 8 | 'u' << 16 | (long) 'c' << 24 | (long) 'h' << 32;
  static final long STATS = 's' | 't' << 8 | 'a' << 16 | (long) 't' << 24 | (long) 's' << 32;
  static final long VERSION =
      'v'
          | 'e' << 8
          | 'r' << 16
          | (long) 's' << 24
          | (long) 'i' << 32
          | (long) 'o' << 40
          | (long) 'n' << 48;
  static final long QUIT = 'q' | 'u' << 8 | 'i' << 16 | (long) 't' << 24;
  static final long SHUTDOWN =
      's'
          | 'h' << 8
          | 'u' << 16
          | (long) 't' << 24
          | (long) 'd' << 32
          | (long) 'o' << 40
          | (long) 'w' << 48
          | (long) 'n' << 56;
  static final long META_GET = 'm' | 'g' << 8;
  static final long META_SET = 'm' | 's' << 8;
  static final long META_DELETE = 'm' | 'd' << 8;
  static final long META_ARITHMETIC = 'm' | 'a' << 8;
  static final long META_NOOP = 'm' | 'n' << 8;
  static final long META_DEBUG = 'm' | 'e' << 8;

  static final byte[] FLUSH_ALL = "flush_all".getBytes(US_ASCII);
  static final byte[] NOREPLY = "noreply".getBytes(US_ASCII);
  static final byte[] ZERO = "0".getBytes(US_ASCII);
  static final byte[] HTTP = "HTTP/".getBytes(US_ASCII);

  private Words() {}
}
