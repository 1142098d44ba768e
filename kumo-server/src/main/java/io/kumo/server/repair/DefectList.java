package io.kumo.server.repair;

import io.kumo.core.protocol.repair.RecordReport;
import io.kumo.core.protocol.repair.VerificationState;
import io.kumo.core.protocol.repair.VerificationState.Defect;
import io.kumo.core.protocol.repair.VerificationState.Finding;
import io.kumo.core.ring.NodeAddress;
import io.netty.buffer.ByteBuf;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * What is wrong with the copies of records that were compared. Main loop only. Bounds: {@value
 * VerificationState#MAX_FINDINGS} names, {@value #MAX_OWN_DEFECTS} own ones that are told apart.
 */
final class DefectList {
  private static final int MAX_OWN_DEFECTS = 10_000;

  private final NodeAddress self;
  private final Set<ByteBuf> ownDefects = new HashSet<>();
  private final long[] counts = new long[Defect.values().length];
  private final List<Finding> findings = new ArrayList<>();

  DefectList(NodeAddress self) {
    this.self = self;
  }

  /** Takes down what is wrong with which of two differing copies of a record. */
  void add(ByteBuf rawKey, RecordReport ours, NodeAddress other, RecordReport theirs) {
    add(rawKey, other, defect(theirs, ours));
    Defect here = defect(ours, theirs);
    if (ownDefects.size() < MAX_OWN_DEFECTS && here != null && ownDefects.add(rawKey)) {
      add(rawKey, self, here);
    }
  }

  private void add(ByteBuf rawKey, NodeAddress server, @Nullable Defect defect) {
    if (defect == null) {
      return;
    }
    counts[index(defect)]++;
    if (findings.size() < VerificationState.MAX_FINDINGS) {
      findings.add(new Finding(rawKey, server, defect));
    }
  }

  @SuppressWarnings("EnumOrdinal") // an index of a list in the order of the enum
  private static int index(Defect defect) {
    return defect.ordinal();
  }

  /** In what the first falls short of the second; null when it is the newer one. */
  private static @Nullable Defect defect(RecordReport one, RecordReport two) {
    if (one.kind() == RecordReport.Kind.DAMAGED) {
      return Defect.DAMAGED;
    } else if (!two.isThere()) {
      return null;
    } else if (!one.isThere()) {
      return Defect.MISSING;
    }
    int order = Long.compareUnsigned(one.clockTime(), two.clockTime());
    // Which of two of one write is right nobody knows; the greater bytes win.
    boolean smaller = Integer.compareUnsigned(one.checksum(), two.checksum()) < 0;
    return order < 0 ? Defect.OLDER : order == 0 && smaller ? Defect.OTHER_BYTES : null;
  }

  /** How many there are of each defect, in the order of the enum. */
  List<Long> counts() {
    return Arrays.stream(counts).boxed().toList();
  }

  /** The first of them; grows. */
  List<Finding> findings() {
    return findings;
  }
}
