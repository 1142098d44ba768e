package io.kumo.manager.admin;

import io.kumo.core.protocol.ErrorCode;
import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.desk.AskGateway;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Peer;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.manager.session.ReplyHandlers;
import java.time.Duration;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Passes what operators ask of gateways on, over the connections by which they have come. Confined
 * to the manager's loop; holds no more of them than {@link GatewayTable} does, and none whose
 * connection has ended.
 */
final class GatewayQuestions {
  private static final long TIMEOUT_NS = Duration.ofSeconds(2).toNanos();

  private final Map<String, Peer> gateways = new LinkedHashMap<>();

  void register(RpcEndpoint endpoint) {
    endpoint.handle(Method.ASK_GATEWAY, AskGateway.class, this::ask);
  }

  /** One has said that it is there, and was noted. */
  void came(Caller gateway) {
    gateways.values().removeIf(known -> !known.connected());
    gateways.put(gateway.remote(), gateway.back());
  }

  private void ask(AskGateway message, Caller caller, Replier reply) {
    Peer gateway = gateways.get(message.from());
    if (gateway == null || !gateway.connected()) {
      reply.errorText("no gateway has come from " + message.from());
    } else {
      gateway.call(
          message.question(),
          TIMEOUT_NS,
          ReplyHandlers.of(
              result ->
                  reply.begin().writeBytes(result, result.readerIndex(), result.readableBytes()),
              (code, detail) -> reply.errorText(refusal(code, detail))));
    }
  }

  private static String refusal(ErrorCode code, String detail) {
    return code == ErrorCode.PROTOCOL ? "the gateway does not know that yet" : detail;
  }
}
