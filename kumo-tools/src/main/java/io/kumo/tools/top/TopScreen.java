package io.kumo.tools.top;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.ArrayList;
import java.util.List;
import org.jline.terminal.Attributes;
import org.jline.terminal.Size;
import org.jline.terminal.Terminal;
import org.jline.terminal.TerminalBuilder;
import org.jline.utils.AttributedString;
import org.jline.utils.Display;
import org.jline.utils.InfoCmp.Capability;
import org.jline.utils.NonBlockingReader;

/** The terminal, drawn on its second screen; closing brings the first one back as it was. */
final class TopScreen implements AutoCloseable {
  private static final int LEAST_COLUMNS = 20;
  private static final int LEAST_ROWS = 4;

  /** What {@link #key} gives when there was none. */
  static final int NO_KEY = NonBlockingReader.READ_EXPIRED;

  private final Terminal terminal;
  private final Attributes attributes;
  private final Display display;
  private Size size;
  private volatile boolean interrupted;
  private volatile boolean resized;

  TopScreen() throws IOException {
    terminal = TerminalBuilder.builder().system(true).build();
    attributes = terminal.enterRawMode();
    terminal.handle(Terminal.Signal.INT, signal -> interrupted = true);
    terminal.handle(Terminal.Signal.WINCH, signal -> resized = true);
    terminal.puts(Capability.enter_ca_mode);
    terminal.puts(Capability.cursor_invisible);
    terminal.flush();
    display = new Display(terminal, true);
    size = measured();
    display.resize(size.getRows(), size.getColumns());
  }

  /** Asking the system costs a process, so it is done when the window has changed. */
  private Size measured() {
    Size now = terminal.getSize();
    int columns = now.getColumns() > 0 ? now.getColumns() : 80;
    int rows = now.getRows() > 0 ? now.getRows() : 24;
    return new Size(Math.max(LEAST_COLUMNS, columns), Math.max(LEAST_ROWS, rows));
  }

  int columns() {
    return size.getColumns();
  }

  int rows() {
    return size.getRows();
  }

  /** Whether block characters can be shown. */
  boolean isUnicode() {
    return terminal.encoding().equals(StandardCharsets.UTF_8);
  }

  /** Whether the window has another size than before; it is measured then. */
  boolean wasResized() {
    if (!resized) {
      return false;
    }
    resized = false;
    size = measured();
    display.clear();
    display.resize(size.getRows(), size.getColumns());
    return true;
  }

  /** Shows what differs from what was drawn before. */
  void draw(List<AttributedString> lines) {
    display.update(new ArrayList<>(lines), 0);
  }

  /** Waits for a key; {@link #NO_KEY} when none came, {@code 'q'} when the input is closed. */
  int key(Duration time) throws IOException {
    int key = terminal.reader().read(Math.max(1, time.toMillis()));
    return interrupted || key == NonBlockingReader.EOF ? 'q' : key;
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
