package io.kumo.core.security;

import io.kumo.core.guard.Guard;
import java.lang.reflect.Proxy;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Has the signal HUP reload files, as other daemons do. By reflection, since the JDK's class for it
 * is one that the compiler warns of whatever is said.
 */
public final class HangUp {
  private static final Logger log = LoggerFactory.getLogger(HangUp.class);

  private HangUp() {}

  /**
   * From now on, for the whole process.
   *
   * @return whether the process ignores the signal: whoever started it has it do so, as nohup does,
   *     and then the JVM leaves it at that without a word
   */
  public static boolean reloads(Reloads reloads) {
    try {
      Class<?> signal = Class.forName("sun.misc.Signal");
      Class<?> handler = Class.forName("sun.misc.SignalHandler");
      Object told =
          Proxy.newProxyInstance(
              handler.getClassLoader(),
              new Class<?>[] {handler},
              (proxy, method, arguments) -> {
                Guard.ofProcess().run("signal", "HUP", reloads::reloadAll);
                return null;
              });
      Object hangUp = signal.getConstructor(String.class).newInstance("HUP");
      Object before = signal.getMethod("handle", signal, handler).invoke(null, hangUp, told);
      return handler.getField("SIG_IGN").get(null).equals(before);
    } catch (ReflectiveOperationException e) {
      log.info("the signal HUP does not reload files here: {}", e.toString());
      return false;
    }
  }
}
