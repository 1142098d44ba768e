package io.kumo.server.write;

import io.kumo.core.transport.Transport;
import java.util.ArrayList;
import java.util.List;

/**
 * Holds writes back whose turn has come, while it is raised: none of them is given a ClockTime.
 * Those that were under way go on. Main loop only; bounded as pending writes are.
 */
public final class WriteBarrier {
  private final Transport transport;
  private List<Runnable> waiting = new ArrayList<>();
  private boolean raised;

  WriteBarrier(Transport transport) {
    this.transport = transport;
  }

  public boolean isRaised() {
    return raised;
  }

  public void raise() {
    raised = true;
  }

  /** Has all go on that were held back, in the order in which they came. */
  public void lower() {
    raised = false;
    List<Runnable> held = waiting;
    waiting = new ArrayList<>();
    held.forEach(write -> transport.guard().run("held write", write, write));
  }

  void hold(Runnable write) {
    waiting.add(write);
  }
}
