package io.kumo.tools.importing;

import com.fasterxml.jackson.databind.node.JsonNodeFactory;
import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.file.PrivateFiles;
import io.kumo.core.protocol.desk.RecordPage;
import io.kumo.core.protocol.desk.ScanRecords;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.tokyo.RecordKind;
import io.kumo.tools.KeyText;
import io.kumo.tools.Layout;
import io.kumo.tools.Printer;
import io.kumo.tools.RpcClient;
import io.kumo.tools.importing.source.LineForm;
import io.kumo.tools.importing.source.RecordLines;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import java.io.IOException;
import java.io.OutputStreamWriter;
import java.io.Writer;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.nio.file.Path;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/** The records that clients see, read off all servers, each from the one that coordinates it. */
public final class RecordScan {
  private final Printer printer;
  private final Layout layout;
  private final ByteBuf prefix;
  private final long limit;
  private long count;
  private long whsClockTime;
  private boolean changed;

  /** Hears of each record. */
  private interface Visitor {
    void visit(RecordPage.Entry entry) throws IOException;
  }

  /**
   * @param limit of records
   */
  public RecordScan(Printer printer, InetSocketAddress manager, String prefix, long limit) {
    this.printer = printer;
    this.layout = Layout.of(printer.options(), manager);
    this.prefix = Unpooled.copiedBuffer(prefix, StandardCharsets.UTF_8);
    this.limit = limit;
    if (limit < 1) {
      throw CliException.usage("--limit must be at least 1");
    }
  }

  public ExitStatus keys() throws IOException {
    return scan(
        false,
        entry -> {
          String key = KeyText.of(entry.rawKey());
          printer.print(key, () -> JsonNodeFactory.instance.objectNode().put("key", key));
        });
  }

  /**
   * Lines, as {@code import} reads them.
   *
   * @param form of the lines
   * @param to a new file; null for standard output
   * @param times whether each has its ClockTime
   */
  public ExitStatus export(Writer standard, @Nullable Path to, LineForm form, boolean times)
      throws IOException {
    if (to == null) {
      return export(standard, form, times);
    }
    if (PrivateFiles.exists(to)) {
      throw CliException.failed(to + " exists");
    }
    try (Writer file = new OutputStreamWriter(PrivateFiles.append(to), StandardCharsets.UTF_8)) {
      return export(file, form, times);
    }
  }

  private ExitStatus export(Writer out, LineForm form, boolean times) throws IOException {
    RecordLines lines = form.lines(out, times);
    ExitStatus status =
        scan(
            true,
            entry ->
                lines.write(
                    RecordKind.VALUE,
                    ByteBufUtil.getBytes(entry.rawKey()),
                    ByteBufUtil.getBytes(Objects.requireNonNull(entry.rawValue()))));
    lines.finish();
    printer.note(count + " records");
    return status;
  }

  private ExitStatus scan(boolean values, Visitor visitor) throws IOException {
    if (layout.active().isEmpty()) {
      throw CliException.failed("no server is active");
    }
    for (NodeAddress server : layout.active()) {
      try (RpcClient client = printer.options().connect(server.toSocketAddress())) {
        scan(client, values, visitor);
      }
    }
    if (changed) {
      printer.note("the servers of the cluster changed meanwhile: some records may be missing");
    }
    return changed ? ExitStatus.NOT_AS_IT_SHOULD_BE : ExitStatus.DONE;
  }

  private void scan(RpcClient client, boolean values, Visitor visitor) throws IOException {
    ByteBuf after = null;
    do {
      ByteBuf from = after == null ? null : after.duplicate();
      ScanRecords question = new ScanRecords(from, prefix.duplicate(), values);
      RecordPage page = client.call(question, RecordPage::read);
      changed |= whsClockTime != 0 && whsClockTime != page.whsClockTime();
      whsClockTime = page.whsClockTime();
      for (RecordPage.Entry entry : page.records()) {
        if (count >= limit) {
          return;
        }
        count++;
        visitor.visit(entry);
      }
      after = page.last();
    } while (after != null && count < limit);
  }
}
