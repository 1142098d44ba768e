package io.kumo.core.protocol;

import io.kumo.core.clock.ClockTime;

/** Bounds on what a peer or a client may send, so that no input can exhaust memory. */
public final class Limits {
  /** Bytes of a key as a client gives it. */
  public static final int MAX_KEY_BYTES = 250;

  /** Bytes of a key on the wire, hash included; kumofs 0.4.13 gateways let long keys pass. */
  public static final int MAX_RAW_KEY_BYTES = 1 << 17;

  /** Bytes of a stored value that a server or gateway may be configured to accept, at most. */
  public static final int MAX_VALUE_BYTES = 128 << 20;

  /** Bytes of such a value, at least. */
  public static final int MIN_VALUE_BYTES = 1 << 10;

  /** Between heartbeats, at least. */
  public static final long MIN_KEEPALIVE_NS = 10_000_000L;

  /** Between heartbeats, at most, where an operator changes that. */
  public static final long MAX_KEEPALIVE_NS = 60_000_000_000L;

  /** Until a server that was started anew rejoins, at most, where an operator changes that. */
  public static final long MAX_REJOIN_NS = 7 * 86_400_000_000_000L;

  /** From which on a write is slow, at most, where an operator changes that. */
  public static final long MAX_SLOW_NS = 3600_000_000_000L;

  /** Bytes a second that a throttle or a scrub may be set to. */
  public static final long MAX_RATE_BYTES = 1L << 40;

  /** Clients of one gateway, at most, where an operator changes that. */
  public static final int MAX_CLIENTS = 1 << 20;

  /** Bytes of one message: the greatest value and room for everything around it. */
  public static final int MAX_FRAME_BYTES = MAX_VALUE_BYTES + (1 << 20);

  /** Arrays within arrays; the deepest message of the protocol has five. */
  public static final int MAX_DEPTH = 16;

  /** Elements of one array. */
  public static final int MAX_ARRAY_LENGTH = 1 << 16;

  /** Keys that a gateway asks a server for in one message. */
  public static final int MAX_MULTI_GET_KEYS = 512;

  /** A server looks no further once the answer to such a message has so many bytes. */
  public static final int MULTI_GET_ANSWER_BYTES = 1 << 20;

  /** Servers in a hash space or in a list of newcomers. */
  public static final int MAX_NODES = 1 << 12;

  /** Bytes of the name of a zone. */
  public static final int MAX_ZONE_BYTES = 63;

  /** Links that a node tells of one by one; further ones are counted by what protects them. */
  public static final int MAX_TOLD_LINKS = 64;

  /** Gateways that a manager keeps in mind; further ones are served and not shown. */
  public static final int MAX_GATEWAYS = 1 << 10;

  /** Bytes of the text in an error reply, a version, or a backup suffix. */
  public static final int MAX_TEXT_BYTES = 1 << 12;

  /** Calls of one session that wait for an answer; control messages may be a few more. */
  public static final int MAX_PENDING_CALLS = 1 << 16;

  /** Control messages beyond {@link #MAX_PENDING_CALLS}. */
  public static final int MAX_PENDING_CONTROL_CALLS = 1 << 10;

  /**
   * Bytes to one node that the network has not taken yet, before the message that goes beyond: with
   * more a node is sent no further request, and its own go unanswered.
   */
  public static final long MAX_BACKLOG_BYTES = 64L << 20;

  /** Bytes of answers that a client has not taken; with more its requests wait. */
  public static final int MAX_UNSENT_ANSWER_BYTES = 1 << 20;

  /** Bytes of requests that wait for a turn, beyond which their connection is not read from. */
  public static final int MAX_WAITING_INPUT_BYTES = 1 << 18;

  /** A connection whose other end takes nothing of what is beyond its bound is closed after. */
  public static final long STALLED_NS = 30_000_000_000L;

  /** Nobody waits longer for an answer: a request that has waited so long is dropped. */
  public static final long REQUEST_LIFETIME_NS = 10_000_000_000L;

  /** How long a loop handles requests before it looks at its sockets and timers again. */
  public static final long TURN_NS = 5_000_000L;

  /** Messages in such a turn, at most. */
  public static final int TURN_MESSAGES = 1 << 12;

  /** Bytes of answers in such a turn, before the message that goes beyond. */
  public static final int TURN_BYTES = 4 << 20;

  /** Messages of one connection while others wait for their turn. */
  public static final int SHARE_MESSAGES = 64;

  /** Connections that one process accepts on its cluster port. */
  public static final int MAX_CONNECTIONS = 1 << 14;

  /** Sessions of one process: nodes that it talks to and nodes that introduced themselves. */
  public static final int MAX_PEERS = 1 << 13;

  /** A value up to this size is small: it travels in answers that many share. */
  public static final int SMALL_VALUE_BYTES = 1 << 14;

  /**
   * Bytes of large values that the servers are asked for at a time by one loop: enough to keep them
   * busy, and no more, for what others ask of them waits behind it.
   */
  public static final int ASKED_BYTES = 4 << 20;

  /**
   * Bytes of large values that are asked for on behalf of one client before it has taken them, and
   * what was found before; one value may be larger.
   */
  public static final int CLIENT_ASKED_BYTES = 1 << 20;

  /** Bytes of replies to one client that the kernel takes before it has sent them. */
  public static final long UNSENT_IN_KERNEL_BYTES = 1 << 17;

  /** Bytes that a gateway reads from its clients in a turn, before the read that goes beyond. */
  public static final int TURN_INPUT_BYTES = 1 << 20;

  /** Bytes that are read from each client in such a turn at any rate. */
  public static final int LEAST_INPUT_BYTES = 1 << 12;

  /** A value of which more than this is still to come is an upload: it is read in shares. */
  public static final int SMALL_UPLOAD_BYTES = 1 << 16;

  /** Uploads of which a share is read in a turn; what Netty reads at once is 64 KB at most. */
  public static final int TURN_UPLOADS = 4;

  /**
   * Seconds that a ClockTime or a flush mark may be ahead of the clock of the machine that receives
   * it; see {@link ClockTime#isTooFarAhead}.
   */
  public static final long MAX_AHEAD_SECONDS = ClockTime.MAX_AHEAD_SECONDS;

  /** Who connects proves who it is in this time, or is closed. */
  public static final long HANDSHAKE_NS = 5_000_000_000L;

  /**
   * Connections of one listener whose other end has not proved anything yet; with one more the one
   * that has taken longest is closed.
   */
  public static final int MAX_HANDSHAKES = 256;

  /** Bytes received and not consumed before the other end has proved anything. */
  public static final int MAX_HANDSHAKE_BYTES = 1 << 10;

  /** Bytes of the request by which a client says who it is, before it has said so. */
  public static final int MAX_LOGIN_BYTES = 16 << 10;

  /** A client that has not said who it is by then is closed. */
  public static final long LOGIN_NS = 30_000_000_000L;

  /** After so long a client is told that its password is wrong, at the earliest. */
  public static final long LOGIN_FAILURE_NS = 500_000_000L;

  /** Writes are held no longer for the ClockTime of a backup: well below any deadline. */
  public static final long MAX_WRITE_PAUSE_NS = 2_000_000_000L;

  /** A server keeps nothing any more for a backup whose tool has not asked for so long. */
  public static final long SNAPSHOT_LEASE_NS = 120_000_000_000L;

  private Limits() {}
}
