package io.kumo.core.protocol.repair;

import io.kumo.core.protocol.wire.MalformedMessageException;
import io.kumo.core.protocol.wire.MsgPack;
import io.kumo.core.protocol.wire.NodeAddressCodec;
import io.kumo.core.protocol.wire.RawStrings;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.List;

/**
 * How far a server is with comparing what it coordinates, or what came of it last: {@code [phase,
 * repair, ended, detail, records, copies, compared, missing, older, other bytes, damaged, mended,
 * [[raw key, server, defect], ...]]}.
 *
 * @param repair whether what differs is made equal
 * @param endedMs Unix milliseconds; 0 while it runs
 * @param detail why it failed
 * @param records that this server coordinates, tombstones included
 * @param copies of them at other servers that are to be compared
 * @param compared of these copies
 * @param counts of copies that differ, by {@link Defect}
 * @param mended records made equal
 * @param findings some of those that differ
 */
public record VerificationState(
    Phase phase,
    boolean repair,
    long endedMs,
    String detail,
    long records,
    long copies,
    long compared,
    List<Long> counts,
    long mended,
    List<Finding> findings) {
  /** Findings that are kept by name. */
  public static final int MAX_FINDINGS = 100;

  private static final int LENGTH = 13;
  private static final int FINDING_LENGTH = 3;

  /** Where it is; the order is that of the wire. */
  public enum Phase {
    NONE,
    RUNNING,
    DONE,
    FAILED,
    STOPPED
  }

  /** In what a copy differs from the newest one; the order is that of the wire. */
  public enum Defect {
    /** There is nothing, where there should be a record or a tombstone. */
    MISSING,
    /** It is of an earlier write. */
    OLDER,
    /** It is of the same write, and is not the same. */
    OTHER_BYTES,
    /** It cannot be read. */
    DAMAGED
  }

  /** One copy that differs. */
  public record Finding(ByteBuf rawKey, NodeAddress server, Defect defect) {}

  public static final VerificationState NONE =
      new VerificationState(
          Phase.NONE, false, 0, "", 0, 0, 0, List.of(0L, 0L, 0L, 0L), 0, List.of());

  public VerificationState {
    counts = List.copyOf(counts);
    findings = List.copyOf(findings);
  }

  /** Copies that differ. */
  public long differing() {
    return counts.stream().mapToLong(Long::longValue).sum();
  }

  public static VerificationState read(ByteBuf in) throws MalformedMessageException {
    int extra = MsgPack.readArrayHeader(in, LENGTH) - LENGTH;
    Phase phase = constant(Phase.values(), MsgPack.readUnsigned(in));
    boolean repair = MsgPack.readBool(in);
    long endedMs = MsgPack.readUnsigned(in);
    String detail = RawStrings.readText(in);
    long records = MsgPack.readUnsigned(in);
    long copies = MsgPack.readUnsigned(in);
    long compared = MsgPack.readUnsigned(in);
    List<Long> counts = new ArrayList<>();
    for (int i = 0; i < Defect.values().length; i++) {
      counts.add(MsgPack.readUnsigned(in));
    }
    long mended = MsgPack.readUnsigned(in);
    List<Finding> findings = readFindings(in);
    MsgPack.skip(in, extra);
    return new VerificationState(
        phase, repair, endedMs, detail, records, copies, compared, counts, mended, findings);
  }

  private static List<Finding> readFindings(ByteBuf in) throws MalformedMessageException {
    int count = MsgPack.readArrayHeader(in);
    if (count > MAX_FINDINGS) {
      throw new MalformedMessageException(count + " findings");
    }
    List<Finding> findings = new ArrayList<>(count);
    for (int i = 0; i < count; i++) {
      MsgPack.readArrayHeader(in, FINDING_LENGTH);
      ByteBuf key = RawStrings.readKey(in).copy();
      NodeAddress server = NodeAddressCodec.read(in);
      findings.add(new Finding(key, server, constant(Defect.values(), MsgPack.readUnsigned(in))));
    }
    return findings;
  }

  private static <E> E constant(E[] all, long number) throws MalformedMessageException {
    if (number < 0 || number >= all.length) {
      throw new MalformedMessageException("no such constant: " + number);
    }
    return all[(int) number];
  }

  @SuppressWarnings("EnumOrdinal") // which is the number on the wire, as the enums say
  public void write(ByteBuf out) {
    MsgPack.writeArrayHeader(out, LENGTH);
    MsgPack.writeUnsigned(out, phase.ordinal());
    MsgPack.writeBool(out, repair);
    MsgPack.writeUnsigned(out, endedMs);
    RawStrings.writeText(out, detail);
    MsgPack.writeUnsigned(out, records);
    MsgPack.writeUnsigned(out, copies);
    MsgPack.writeUnsigned(out, compared);
    counts.forEach(count -> MsgPack.writeUnsigned(out, count));
    MsgPack.writeUnsigned(out, mended);
    MsgPack.writeArrayHeader(out, findings.size());
    for (Finding finding : findings) {
      MsgPack.writeArrayHeader(out, FINDING_LENGTH);
      MsgPack.writeRaw(out, finding.rawKey());
      NodeAddressCodec.write(out, finding.server());
      MsgPack.writeUnsigned(out, finding.defect().ordinal());
    }
  }
}
