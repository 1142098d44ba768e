package io.kumo.core.rpc;

import io.kumo.core.metrics.Measurement;
import java.util.List;

/**
 * How much an endpoint holds, and what went beyond its bounds since it began.
 *
 * @param connections open ones that others opened
 * @param unproved of these, those whose other end has proved nothing: {@code open} ones
 * @param pendingCalls calls that wait for an answer
 * @param waiting connections whose requests wait for a turn
 * @param unsentBytes appended to connections and not yet taken by the network
 * @param heldBytes received and not yet handled, messages that have not arrived whole included
 * @param parks times that a client was not served until it took its answers
 * @param late requests dropped because their asker had gone or waited no longer
 * @param unanswered requests of nodes dropped because these did not take their answers
 * @param refusedCalls calls that were not sent because of a bound
 * @param stalled connections closed because their other end took nothing for long
 * @param cutTurns turns of the loop that ended at a bound, with requests left
 * @param malformed connections closed because of bytes that are not messages
 */
public record RpcStatistics(
    int connections,
    int unproved,
    int pendingCalls,
    int waiting,
    long unsentBytes,
    long heldBytes,
    long parks,
    long late,
    long unanswered,
    long refusedCalls,
    long stalled,
    long cutTurns,
    long malformed) {
  public static final RpcStatistics NONE = new RpcStatistics(0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0, 0);

  /** Of two endpoints together. */
  public RpcStatistics plus(RpcStatistics other) {
    return new RpcStatistics(
        connections + other.connections,
        unproved + other.unproved,
        pendingCalls + other.pendingCalls,
        waiting + other.waiting,
        unsentBytes + other.unsentBytes,
        heldBytes + other.heldBytes,
        parks + other.parks,
        late + other.late,
        unanswered + other.unanswered,
        refusedCalls + other.refusedCalls,
        stalled + other.stalled,
        cutTurns + other.cutTurns,
        malformed + other.malformed);
  }

  /** For those who watch, such as {@code kumo_rpc_unsent_bytes}. */
  public List<Measurement> measurements() {
    return List.of(
        gauge("connections", "Connections between processes that others opened.", connections),
        gauge(
            "open_connections",
            "Of these, those whose other end has proved neither a secret nor a certificate.",
            unproved),
        gauge("pending_calls", "Calls that wait for an answer.", pendingCalls),
        gauge("waiting_connections", "Connections whose requests wait for a turn.", waiting),
        gauge("unsent_bytes", "Bytes that the network has not taken yet.", unsentBytes),
        gauge("held_bytes", "Bytes received and not yet handled.", heldBytes),
        counter("parks", "Times that a client waited until it took its answers.", parks),
        counter("late", "Requests dropped because nobody waited for them any more.", late),
        counter("unanswered", "Requests of nodes that did not take their answers.", unanswered),
        counter("refused_calls", "Calls not sent because of a bound.", refusedCalls),
        counter("stalled", "Connections closed because nothing was taken for long.", stalled),
        counter("cut_turns", "Turns of a loop that ended with requests left.", cutTurns),
        counter("malformed", "Connections closed because of malformed bytes.", malformed));
  }

  private static Measurement gauge(String name, String help, long value) {
    return new Measurement("kumo_rpc_" + name, false, help, value);
  }

  private static Measurement counter(String name, String help, long value) {
    return new Measurement("kumo_rpc_" + name + "_total", true, help, value);
  }
}
