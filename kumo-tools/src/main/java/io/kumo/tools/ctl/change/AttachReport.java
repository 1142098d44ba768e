package io.kumo.tools.ctl.change;

import io.kumo.core.cli.CliException;
import io.kumo.core.cli.ExitStatus;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.protocol.admin.Members.Member;
import io.kumo.core.protocol.admin.ServerStatistics;
import io.kumo.core.ring.NodeAddress;
import io.kumo.tools.Printer;
import io.kumo.tools.ServerStatisticsClient;
import io.kumo.tools.ctl.command.KnownMembers;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.time.Duration;
import java.util.List;
import java.util.SortedMap;
import java.util.concurrent.locks.LockSupport;
import java.util.function.Predicate;

/**
 * What an order to attach or to detach has changed, and what not, on standard error: the answer to
 * the order does not say.
 */
final class AttachReport {
  private static final long PATIENCE_NS = Duration.ofSeconds(5).toNanos();
  private static final long POLL_NS = Duration.ofMillis(100).toNanos();
  private static final int CONNECT_MS = 500;

  private final Printer printer;
  private final InetSocketAddress manager;
  private final List<Member> before;
  private boolean complete = true;

  private AttachReport(Printer printer, InetSocketAddress manager, List<Member> before) {
    this.printer = printer;
    this.manager = manager;
    this.before = before;
  }

  /**
   * Before an order to attach. A server of the cluster that runs and has not yet been heard by the
   * manager is waited for, for five seconds at most.
   */
  static AttachReport beforeAttach(Printer printer, InetSocketAddress manager, TimeSource time) {
    long deadlineNs = time.nanoTime() + PATIENCE_NS;
    List<Member> members = KnownMembers.ask(printer, manager);
    List<NodeAddress> waited = running(printer, members);
    if (!waited.isEmpty()) {
      printer.note("waiting for " + waited + ", not yet heard by the manager");
    }
    while (!waited.isEmpty() && time.nanoTime() - deadlineNs < 0) {
      LockSupport.parkNanos(POLL_NS);
      members = KnownMembers.ask(printer, manager);
      waited = running(printer, members);
    }
    return new AttachReport(printer, manager, members);
  }

  static AttachReport beforeDetach(Printer printer, InetSocketAddress manager) {
    return new AttachReport(printer, manager, KnownMembers.ask(printer, manager));
  }

  /** Servers of the cluster that run, in a process that the manager has not heard. */
  private static List<NodeAddress> running(Printer printer, List<Member> members) {
    List<Member> attached = members.stream().filter(Member::attached).toList();
    List<NodeAddress> heard = addresses(attached, member -> member.incarnation() != 0);
    SortedMap<NodeAddress, ServerStatistics> statistics =
        ServerStatisticsClient.askAll(heard, printer.options().nodes());
    return addresses(
        attached,
        member -> {
          ServerStatistics own = statistics.get(member.address());
          long incarnation = own == null ? 0 : own.get(ServerStatistics.INCARNATION);
          boolean restarted = incarnation != 0 && incarnation != member.incarnation();
          return member.connected() ? restarted : accepts(member.address());
        });
  }

  private static List<NodeAddress> addresses(List<Member> members, Predicate<Member> wanted) {
    return members.stream().filter(wanted).map(Member::address).toList();
  }

  private static boolean accepts(NodeAddress server) {
    try (Socket socket = new Socket()) {
      socket.connect(server.toSocketAddress(), CONNECT_MS);
      return true;
    } catch (IOException e) {
      return false;
    }
  }

  /** Tells what came of the order, which has been answered; false when nothing did. */
  boolean attached() {
    return tell(this::tellAttached);
  }

  /** Tells what came of the order, which has been answered; false when nothing did. */
  boolean detached() {
    return tell(this::tellDetached);
  }

  private boolean tell(Predicate<List<Member>> words) {
    try {
      return words.test(KnownMembers.ask(printer, manager));
    } catch (CliException e) {
      complete = false;
      printer.note("what came of it is not known: " + e.getMessage());
      return true;
    }
  }

  private boolean tellAttached(List<Member> after) {
    List<NodeAddress> active = addresses(before, Member::active);
    List<NodeAddress> gained = addresses(after, m -> m.active() && !active.contains(m.address()));
    printer.note(gained.isEmpty() ? "nothing new is attached" : "attached " + gained);
    List<NodeAddress> running = running(printer, after);
    for (Member member : after) {
      if (running.contains(member.address())) {
        missed(member, "it runs, but the manager has not heard it");
      } else if (!member.active() && member.connected()) {
        missed(member, member.skewed() ? "its clock is off" : "the manager waits for others");
      } else if (!member.active()) {
        printer.note("still fault: " + member.address() + ", which cannot be reached");
      }
    }
    return !gained.isEmpty();
  }

  private boolean tellDetached(List<Member> after) {
    List<NodeAddress> left = addresses(after, Member::attached);
    List<NodeAddress> gone = addresses(before, m -> m.attached() && !left.contains(m.address()));
    printer.note(gone.isEmpty() ? "nothing is detached" : "detached " + gone);
    for (Member member : after) {
      if (member.attached() && !member.active()) {
        missed(member, "it is fault, and needed until another server serves");
      }
    }
    return !gone.isEmpty();
  }

  private void missed(Member member, String why) {
    complete = false;
    printer.note("left as it was: " + member.address() + ": " + why);
  }

  /** What to end with when the order itself has gone well. */
  ExitStatus status() {
    return complete ? ExitStatus.DONE : ExitStatus.NOT_AS_IT_SHOULD_BE;
  }
}
