package io.kumo.it.chaos;

import io.kumo.it.process.TextClient;
import io.kumo.it.sim.history.ClientOp;
import io.kumo.it.sim.history.OpKind;
import io.kumo.it.sim.history.OpOutcome;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Does operations of a history on a gateway, one after another. A connection that breaks leaves the
 * outcome unknown; the next operation makes another one.
 */
public final class Conversation implements AutoCloseable {
  private final InetSocketAddress gateway;
  private @Nullable TextClient connection;

  public Conversation(InetSocketAddress gateway) {
    this.gateway = gateway;
  }

  /** Reads value and CAS token of the key; fails when it is answered with an error. */
  static Log.Answer read(TextClient client, String key) throws IOException {
    List<String> lines = client.lines("gets " + key + "\r\n");
    if (lines.isEmpty()) {
      return Log.Answer.of(OpOutcome.ABSENT);
    }
    long token = Long.parseUnsignedLong(lines.get(0).split(" ", -1)[4]);
    return new Log.Answer(OpOutcome.DONE, lines.get(1), token);
  }

  public Log.Answer perform(ClientOp op) {
    try {
      TextClient client = connected();
      if (op.kind() == OpKind.GET) {
        return read(client, op.key());
      }
      return answer(op.kind(), client.line(request(op)));
    } catch (IOException e) {
      close();
      return Log.Answer.of(OpOutcome.UNKNOWN);
    }
  }

  private static String request(ClientOp op) {
    String data = op.argument();
    String storage = " " + op.key() + " 0 0 " + data.length();
    return switch (op.kind()) {
      case SET -> "set" + storage + "\r\n" + data + "\r\n";
      case ADD -> "add" + storage + "\r\n" + data + "\r\n";
      case REPLACE -> "replace" + storage + "\r\n" + data + "\r\n";
      case APPEND -> "append" + storage + "\r\n" + data + "\r\n";
      case CAS ->
          "cas" + storage + " " + Long.toUnsignedString(op.compare()) + "\r\n" + data + "\r\n";
      case INCR -> "incr " + op.key() + " " + data + "\r\n";
      case DELETE -> "delete " + op.key() + "\r\n";
      case GET -> throw new IllegalArgumentException("answered by several lines");
    };
  }

  private static Log.Answer answer(OpKind kind, String line) throws IOException {
    return switch (line) {
      case "STORED", "DELETED" -> Log.Answer.of(OpOutcome.DONE);
      case "NOT_STORED" -> Log.Answer.of(OpOutcome.REFUSED);
      case "EXISTS" -> Log.Answer.of(OpOutcome.MISMATCH);
      case "NOT_FOUND" -> Log.Answer.of(OpOutcome.ABSENT);
      default -> {
        if (kind == OpKind.INCR && line.matches("\\d+")) {
          yield new Log.Answer(OpOutcome.DONE, line, 0);
        }
        if (line.startsWith("SERVER_ERROR")) {
          yield Log.Answer.of(OpOutcome.UNKNOWN);
        }
        throw new IOException("answered " + line);
      }
    };
  }

  private TextClient connected() throws IOException {
    if (connection == null) {
      connection = new TextClient(gateway);
    }
    return connection;
  }

  @Override
  public void close() {
    try {
      if (connection != null) {
        connection.close();
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connection = null;
  }
}
