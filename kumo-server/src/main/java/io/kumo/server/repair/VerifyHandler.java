package io.kumo.server.repair;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.repair.GetVerification;
import io.kumo.core.protocol.repair.VerificationState;
import io.kumo.core.protocol.repair.Verify;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import io.kumo.server.write.KeyGate;
import io.kumo.server.write.round.WriteContext;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Verifies when it is told to, one verification at a time. Main loop only. */
public final class VerifyHandler {
  private static final Logger log = LoggerFactory.getLogger(VerifyHandler.class);

  private final WriteContext context;
  private final RpcEndpoint endpoint;
  private final RecordDescriber describer;
  private final KeyGate gate;
  private @Nullable Verification last;

  public VerifyHandler(WriteContext context, RpcEndpoint endpoint, KeyGate gate) {
    this.context = context;
    this.endpoint = endpoint;
    this.describer = new RecordDescriber(context.store());
    this.gate = gate;
  }

  /** Before the endpoint listens. */
  public void register() {
    describer.register(endpoint);
    endpoint.handle(Method.VERIFY, Verify.class, this::order);
    endpoint.handle(
        Method.GET_VERIFICATION,
        GetVerification.class,
        (message, caller, reply) -> state().write(reply.begin()));
  }

  private VerificationState state() {
    return last == null ? VerificationState.NONE : last.state();
  }

  private void order(Verify message, Caller caller, Replier reply) {
    if (!message.begin()) {
      if (last != null) {
        last.stop();
      }
      reply.nil();
      return;
    }
    String objection = objection();
    if (objection != null) {
      reply.errorText(objection);
      return;
    }
    if (message.repair()) {
      log.warn("{} has records made equal where they differ", caller.remote());
    }
    last = new Verification(context, endpoint, describer, gate, message);
    last.start();
    reply.nil();
  }

  private @Nullable String objection() {
    HashSpaces spaces = context.spaces().current();
    if (last != null && last.isUnderWay()) {
      return "a verification is under way here";
    } else if (spaces.rebalancing()) {
      return "records are being moved: verify when the rebalance has ended";
    }
    return context.spaces().isActive() && context.spaces().lifecycle().isNamed()
        ? null
        : "this server does not serve yet";
  }
}
