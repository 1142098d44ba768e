package io.kumo.core.desk;

import io.kumo.core.protocol.Method;
import io.kumo.core.protocol.desk.ChangeConfig;
import io.kumo.core.protocol.desk.GetConfig;
import io.kumo.core.protocol.desk.NodeConfig;
import io.kumo.core.protocol.desk.NodeSetting;
import io.kumo.core.rpc.Caller;
import io.kumo.core.rpc.Replier;
import io.kumo.core.rpc.RpcEndpoint;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** Changes settings of this node while it runs, and tells them. Confined to the endpoint's loop. */
public final class ConfigOrder {
  private static final Logger log = LoggerFactory.getLogger(ConfigOrder.class);

  private record Known(LongSupplier now, LongConsumer change, LongSupplier most) {}

  private final Map<NodeSetting, Known> settings = new EnumMap<>(NodeSetting.class);

  /** What counted before the first change. */
  private final Map<NodeSetting, Long> initial = new EnumMap<>(NodeSetting.class);

  private ConfigOrder() {}

  /** Before the endpoint listens. */
  public static ConfigOrder register(RpcEndpoint endpoint) {
    ConfigOrder order = new ConfigOrder();
    endpoint.handle(
        Method.GET_CONFIG,
        GetConfig.class,
        (message, caller, reply) -> order.config().write(reply.begin()));
    endpoint.handle(Method.CHANGE_CONFIG, ChangeConfig.class, order::change);
    return order;
  }

  /** This node has it. */
  public ConfigOrder offer(NodeSetting setting, LongSupplier now, LongConsumer change) {
    return offer(setting, now, change, setting::most);
  }

  /**
   * This node has it.
   *
   * @param most what else of its configuration leaves room for
   */
  public ConfigOrder offer(
      NodeSetting setting, LongSupplier now, LongConsumer change, LongSupplier most) {
    settings.put(setting, new Known(now, change, most));
    return this;
  }

  private NodeConfig config() {
    List<NodeConfig.Entry> entries =
        settings.entrySet().stream().map(e -> entry(e.getKey(), e.getValue().now())).toList();
    return new NodeConfig(entries);
  }

  private NodeConfig.Entry entry(NodeSetting setting, LongSupplier now) {
    long value = now.getAsLong();
    return new NodeConfig.Entry(setting, value, initial.getOrDefault(setting, value));
  }

  private void change(ChangeConfig message, Caller caller, Replier reply) {
    NodeSetting setting = message.setting();
    Known known = settings.get(setting);
    if (known == null) {
      reply.bool(false);
    } else if (!setting.allows(message.value()) || message.value() > known.most().getAsLong()) {
      long most = Math.min(setting.most(), known.most().getAsLong());
      reply.errorText(setting.option() + " is " + setting.least() + " to " + most + " here");
    } else {
      log.warn("told by {}: {} is {} now", caller.remote(), setting.option(), message.value());
      initial.putIfAbsent(setting, known.now().getAsLong());
      known.change().accept(message.value());
      reply.bool(true);
    }
  }
}
