package io.kumo.gateway.http;

import static io.netty.handler.codec.http.HttpResponseStatus.BAD_REQUEST;
import static io.netty.handler.codec.http.HttpResponseStatus.FORBIDDEN;
import static io.netty.handler.codec.http.HttpResponseStatus.UNSUPPORTED_MEDIA_TYPE;

import io.kumo.core.item.ClientTime;
import io.kumo.gateway.memcached.CommandPool;
import io.kumo.gateway.memcached.McCommand;
import io.kumo.gateway.memcached.McOperation;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpRequest;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Makes a command of the head of a request: its method, its key, and the fields that say what is
 * stored or under which condition. Confined to its event loop.
 */
final class HttpCommands {
  /** A life in seconds up to 30 days, or beyond that unix seconds; memcached's exptime. */
  static final String EXPIRY = "Kumo-Expiry";

  /** The 32 bits that memcached clients store with a value. */
  static final String FLAGS = "Kumo-Flags";

  private static final Pattern DIGITS = Pattern.compile("\\d{1,20}");
  private static final Pattern SIGNED = Pattern.compile("-?\\d{1,18}");
  private static final Pattern VERSION = Pattern.compile("\"(\\d{1,20})\"");
  private static final long MAX_UNSIGNED_32 = 0xFFFF_FFFFL;
  private static final String ANY = "*";

  private final CommandPool pool;

  HttpCommands(CommandPool pool) {
    this.pool = pool;
  }

  /** A command that is answered without asking a server. */
  McCommand local() {
    McCommand command = pool.take();
    command.begin(McOperation.LOCAL, HttpReplies.INSTANCE);
    return command;
  }

  /** A command that finds out who is asking, and is not answered itself. */
  McCommand login() {
    McCommand command = pool.take();
    command.begin(McOperation.AUTHENTICATE, HttpReplies.INSTANCE);
    return command;
  }

  /** The command that a head asks for, without its value. */
  McCommand read(HttpRequest head) throws RefusedRequest {
    if (head.headers().contains(HttpHeaderNames.ORIGIN)) {
      // A page that a browser shows must not write where its user can.
      throw new RefusedRequest(FORBIDDEN, "this is not for web pages");
    }
    McCommand command = local();
    boolean good = false;
    try {
      fill(command, head);
      good = true;
      return command;
    } finally {
      if (!good) {
        command.recycle();
      }
    }
  }

  private static void fill(McCommand command, HttpRequest head) throws RefusedRequest {
    String query = KeyPath.read(head.uri(), command.request().keys());
    HttpHeaders fields = head.headers();
    switch (head.method().name()) {
      case "GET" -> get(command, fields, 0);
      case "HEAD" -> get(command, fields, HttpReplies.HEAD);
      case "PUT" -> put(command, fields);
      case "DELETE" -> {
        command.operation(McOperation.DELETE);
        unchanged(command, fields);
      }
      case "POST" -> {
        count(command, query, fields);
        return;
      }
      default -> throw new IllegalStateException("a method that was not looked at before");
    }
    if (!query.isEmpty()) {
      throw new RefusedRequest(BAD_REQUEST, "only POST has anything behind a question mark");
    }
  }

  /** Only a single version is compared; what else the field says is no reason not to answer. */
  private static void get(McCommand command, HttpHeaders fields, int mark) throws RefusedRequest {
    command.operation(McOperation.GET);
    unchanged(command, fields, HttpHeaderNames.IF_MATCH.toString(), HttpReplies.IF_MATCH);
    String known = fields.get(HttpHeaderNames.IF_NONE_MATCH);
    if (known != null && command.form().mark() == 0) {
      Long version = version(known.startsWith("W/") ? known.substring(2) : known);
      if (version != null) {
        command.request().compare(version);
        command.form().mark(HttpReplies.IF_NONE_MATCH);
      }
    }
    command.form().mark(command.form().mark() | mark);
  }

  private static void put(McCommand command, HttpHeaders fields) throws RefusedRequest {
    command.operation(McOperation.SET);
    String none = fields.get(HttpHeaderNames.IF_NONE_MATCH);
    String match = fields.get(HttpHeaderNames.IF_MATCH);
    if (none != null && (match != null || !none.equals(ANY))) {
      throw new RefusedRequest(BAD_REQUEST, "If-None-Match of PUT is *, without If-Match");
    }
    if (none != null) {
      command.operation(McOperation.ADD);
      command.form().mark(HttpReplies.CREATES);
    } else if (ANY.equals(match)) {
      command.operation(McOperation.REPLACE);
      command.form().mark(HttpReplies.IF_MATCH);
    } else {
      unchanged(command, fields);
    }
    command.request().flags(flags(fields));
    command.request().expiry(expiry(fields));
  }

  /** The condition of a write that there is an item, of this version unless any will do. */
  private static void unchanged(McCommand command, HttpHeaders fields) throws RefusedRequest {
    if (command.operation() != McOperation.SET && fields.contains(HttpHeaderNames.IF_NONE_MATCH)) {
      throw new RefusedRequest(BAD_REQUEST, "If-None-Match is for GET, HEAD and PUT");
    }
    unchanged(command, fields, HttpHeaderNames.IF_MATCH.toString(), HttpReplies.IF_MATCH);
  }

  private static void unchanged(McCommand command, HttpHeaders fields, String name, int mark)
      throws RefusedRequest {
    String match = fields.get(name);
    if (match == null) {
      return;
    }
    command.form().mark(mark);
    if (!match.equals(ANY)) {
      Long version = version(match);
      if (version == null) {
        throw new RefusedRequest(BAD_REQUEST, "If-Match is * or one ETag as it was given");
      }
      command.request().compare(version);
    }
  }

  /** Null for what is no ETag of ours. */
  private static @Nullable Long version(String field) {
    var matcher = VERSION.matcher(field.strip());
    return matcher.matches() ? unsigned(matcher.group(1)) : null;
  }

  private static @Nullable Long unsigned(String digits) {
    try {
      return DIGITS.matcher(digits).matches() ? Long.parseUnsignedLong(digits) : null;
    } catch (NumberFormatException e) {
      return null; // twenty digits may be too many
    }
  }

  private static int flags(HttpHeaders fields) throws RefusedRequest {
    ContentType type = ContentType.of(fields.get(HttpHeaderNames.CONTENT_TYPE));
    if (type == null) {
      throw new RefusedRequest(
          UNSUPPORTED_MEDIA_TYPE, "this content type cannot be kept; without one, any bytes can");
    }
    String sent = fields.get(FLAGS);
    if (sent == null) {
      return type.flags();
    }
    Long flags = unsigned(sent);
    if (flags == null || flags < 0 || flags > MAX_UNSIGNED_32) {
      throw new RefusedRequest(BAD_REQUEST, FLAGS + " is a number of 32 bits");
    }
    if (type != ContentType.BYTES) {
      throw new RefusedRequest(
          BAD_REQUEST, FLAGS + " and a content type both say what the flags are");
    }
    return (int) (long) flags;
  }

  private static long expiry(HttpHeaders fields) throws RefusedRequest {
    String sent = fields.get(EXPIRY);
    if (sent == null) {
      return 0;
    }
    if (!SIGNED.matcher(sent).matches() || Long.parseLong(sent) > MAX_UNSIGNED_32) {
      throw new RefusedRequest(BAD_REQUEST, EXPIRY + " is a number of seconds");
    }
    return ClientTime.of(Long.parseLong(sent));
  }

  /** {@code incr=N} or {@code decr=N}, and perhaps {@code initial=N}. */
  private static void count(McCommand command, String query, HttpHeaders fields)
      throws RefusedRequest {
    boolean counts = false;
    for (String parameter : query.split("&", -1)) {
      int equals = parameter.indexOf('=');
      String name = equals < 0 ? parameter : parameter.substring(0, equals);
      Long number = equals < 0 ? null : unsigned(parameter.substring(equals + 1));
      boolean direction = name.equals("incr") || name.equals("decr");
      if (number == null || (!direction && !name.equals("initial")) || (direction && counts)) {
        throw new RefusedRequest(BAD_REQUEST, "POST needs ?incr=N or ?decr=N, and takes initial=N");
      }
      if (direction) {
        counts = true;
        command.operation(name.equals("incr") ? McOperation.INCR : McOperation.DECR);
        command.request().delta(number);
      } else {
        command.request().initial(number);
        command.request().vivify(expiry(fields));
      }
    }
    if (!counts) {
      throw new RefusedRequest(BAD_REQUEST, "POST needs ?incr=N or ?decr=N");
    }
    unchanged(command, fields);
  }
}
