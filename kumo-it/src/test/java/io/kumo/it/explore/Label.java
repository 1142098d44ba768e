package io.kumo.it.explore;

import java.util.List;

/** Names a step in one int: its kind, the node that takes it, what it is about, and how it ends. */
final class Label {
  static final int CAMPAIGN = 0;
  static final int CHANGE = 1;
  static final int TERM = 2;
  static final int SHOW = 3;
  static final int TELL = 4;
  static final int RESTART = 5;
  static final int RESTORE = 6;
  static final int LEASE = 8;
  static final int ANSWER = 9;
  static final int TICK = 10;
  static final int READ = 11;
  static final int TELLS = 12;

  private static final List<String> NODES = List.of("s1", "s2", "s3", "m1", "m2");
  private static final List<String> ENDS = List.of("answer lost", "answered", "answer late");

  private Label() {}

  static int of(int kind, int node, int about, int end) {
    return kind << 27 | node << 24 | end << 22 | about;
  }

  static int kind(int label) {
    return label >>> 27;
  }

  static int node(int label) {
    return label >>> 24 & 7;
  }

  static String text(int label, Model model) {
    int about = label & 0x3fffff;
    String node = NODES.get(node(label));
    String end = ENDS.get(label >>> 22 & 3);
    return switch (kind(label)) {
      case CAMPAIGN -> node + " asks for a term";
      case CHANGE ->
          node
              + (about < 3
                  ? " takes " + NODES.get(about) + " out or in"
                  : " becomes the only manager");
      case TERM -> node + " is asked for " + model.requests.value(about) + ", " + end;
      case SHOW -> node + " is shown " + model.views.value(about).id() + ", " + end;
      case TELL -> node + " hears that " + model.views.value(about).id() + " is committed";
      case RESTART -> node + " is started again";
      case RESTORE -> node + " is started on a restored disk";
      case LEASE -> node + " asks " + NODES.get(about) + " for a lease, " + end;
      case ANSWER -> node + " hears " + model.flights.value(about).answer();
      case TICK -> "0.55 leases pass";
      case READ -> node + " reads the record";
      case TELLS -> node + " tells what it read";
      default -> throw new IllegalArgumentException("no step: " + label);
    };
  }
}
