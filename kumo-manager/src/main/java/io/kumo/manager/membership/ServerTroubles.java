package io.kumo.manager.membership;

import io.kumo.core.ring.NodeAddress;
import java.util.EnumSet;
import java.util.HashMap;
import java.util.Map;
import java.util.Set;

/**
 * What keeps connected servers from taking part, as they have said themselves; forgotten when the
 * session with one ends. Confined to one thread.
 */
public final class ServerTroubles {
  /** A reason. */
  public enum Trouble {
    /** It is about to stop. */
    LEAVING("it is about to stop"),
    /** Its store has never been part of the cluster: an operator may have exchanged the disk. */
    NEW_STORE("its store is a new one"),
    /** It and a server that takes part cannot reach each other. */
    CUT_OFF("it cannot reach others"),
    /** It refuses writes. */
    DISK_FULL("its disk is full");

    private final String text;

    Trouble(String text) {
      this.text = text;
    }

    /** For people. */
    public String text() {
      return text;
    }
  }

  private final Map<NodeAddress, Set<Trouble>> troubles = new HashMap<>();

  /** Whether that is news. */
  public boolean set(NodeAddress server, Trouble trouble, boolean there) {
    Set<Trouble> all = troubles.computeIfAbsent(server, s -> EnumSet.noneOf(Trouble.class));
    boolean changed = there ? all.add(trouble) : all.remove(trouble);
    troubles.values().removeIf(Set::isEmpty);
    return changed;
  }

  /** The session with the server has ended. */
  public void forget(NodeAddress server) {
    troubles.remove(server);
  }

  /** All of a server's. */
  public Set<Trouble> of(NodeAddress server) {
    Set<Trouble> all = EnumSet.noneOf(Trouble.class);
    all.addAll(troubles.getOrDefault(server, Set.of()));
    return all;
  }
}
