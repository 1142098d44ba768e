package io.kumo.tools.top;

import java.io.IOException;
import java.time.Duration;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.InfoCmp.Capability;

/** The terminal, redrawn in place on its second screen; closing brings the first one back. */
final class TopScreen implements AutoCloseable {

  private final Terminal terminal;
  private final Attributes attributes;
  private volatile boolean interrupted;

  TopScreen() throws IOException {
    terminal = TerminalBuilder.builder().system(true).build();
    attributes = terminal.enterRawMode();
    terminal.handle(Terminal.Signal.INT, signal -> interrupted = true);
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
  }

  int columns() {
    return terminal.getWidth() > 0 ? terminal.getWidth() : 80;
  }

  /** What does not fit is cut off. */
  void draw(List<String> lines) {
    terminal.puts(Capability.cursor_home);
    int rows = terminal.getHeight() > 0 ? terminal.getHeight() : 24;
    for (int i = 0; i < Math.min(rows, lines.size()); i++) {
      String line = lines.get(i);
      terminal.writer().print(line.substring(0, Math.min(line.length(), columns() - 1)));
      terminal.puts(Capability.clr_eol);
      if (i < rows - 1) {
        terminal.writer().print("\r\n");
      }
    }
    terminal.puts(Capability.clr_eos);
    terminal.flush();
  }

  /** Waits; true when the user wants to quit. */
  boolean quitWithin(Duration time) throws IOException {
    int key = terminal.reader().read(Math.max(1, time.toMillis()));
    return interrupted || key == 'q' || key == 'Q' || key == -1;
  }

  @Override
  public void close() throws IOException {
    terminal.puts(Capability.cursor_visible);
    terminal.puts(Capability.exit_ca_mode);
    terminal.flush();
    terminal.setAttributes(attributes);
    terminal.close();
  }
}
