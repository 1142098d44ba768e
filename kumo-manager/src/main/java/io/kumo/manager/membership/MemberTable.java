package io.kumo.manager.membership;

import io.kumo.core.clock.ClockTime;
import io.kumo.core.protocol.Capabilities;
import io.kumo.core.ring.HashSpace;
import io.kumo.core.ring.HashSpaces;
import io.kumo.core.ring.Node;
import io.kumo.core.ring.NodeAddress;
import io.kumo.core.view.StandingOrders;
import java.util.Collection;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.SortedMap;
import java.util.SortedSet;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The two hash spaces and how they may change, as servers come and go. A method that answers a
 * boolean says whether a hash space changed, which is then to be made known. What runs where is in
 * {@link ServerProcesses}, who has records of which copies are lost in {@link RecordHolders}.
 *
 * <p>Invariants: every change gives a greater ClockTime; the write and the read hash space have the
 * same ClockTime only if their node lists are the same (kumofs 0.4.13 servers compare nothing else
 * to find out whether there are two layouts). A newcomer is a connected server that is not active
 * in the write hash space.
 *
 * <p>Confined to one thread.
 */
public final class MemberTable {
  private final VersionSource versions;
  private final ManagerRules rules;
  private final ServerProcesses processes = new ServerProcesses();
  private final RecordHolders holders = new RecordHolders();
  private HashSpaces spaces = HashSpaces.EMPTY;
  private StandingOrders orders = StandingOrders.NONE;

  /** By the sound rules. */
  public MemberTable(VersionSource versions) {
    this(versions, ManagerRules.SOUND);
  }

  public MemberTable(VersionSource versions, ManagerRules rules) {
    this.versions = versions;
    this.rules = rules;
  }

  /** What is installed at this manager. */
  public ManagerRules rules() {
    return rules;
  }

  public HashSpaces spaces() {
    return spaces;
  }

  /** The connected servers, by address. */
  public SortedMap<NodeAddress, ServerInfo> live() {
    return processes.live();
  }

  public boolean isLive(NodeAddress server) {
    return processes.isLive(server);
  }

  /** What is known of a node: as it connected, else as it was attached. */
  public ServerInfo info(NodeAddress server) {
    return processes.info(server);
  }

  /** What the nodes of the write hash space announced when they were attached. */
  public Map<NodeAddress, ServerInfo> attachedInfo() {
    return processes.attached();
  }

  /** The connected servers that are not active, by address. */
  public List<NodeAddress> newcomers() {
    return live().keySet().stream().filter(server -> !spaces.write().isActive(server)).toList();
  }

  /** The active nodes of the write hash space that are not connected. */
  public List<NodeAddress> missing() {
    return spaces.write().nodes().stream()
        .filter(Node::active)
        .map(Node::address)
        .filter(server -> !isLive(server))
        .toList();
  }

  /** The active nodes whose process is another one than the one that was attached. */
  public List<NodeAddress> restarted() {
    return processes.restarted(rules).stream().filter(spaces.write()::isActive).toList();
  }

  /** Whether the process that is connected is another one than the one that was attached. */
  public boolean hasRestarted(NodeAddress server) {
    return processes.hasRestarted(server);
  }

  public void connected(NodeAddress server, ServerInfo info) {
    processes.connected(server, info, spaces.write().isActive(server));
  }

  public void disconnected(NodeAddress server) {
    processes.disconnected(server);
  }

  /**
   * Marks the nodes fault in both hash spaces; but those that are the last to have some records
   * ({@link LastHolders}) stay active in the read hash space. Those records are not served until
   * they return, rather than taken for absent.
   */
  public boolean markFault(Collection<NodeAddress> servers) {
    HashSpaces marked = holders.markFault(spaces, servers, versions.after(spaces));
    return replace(marked.write(), marked.read());
  }

  /**
   * Those that the read hash space calls active though others went on while they were away, by
   * address: no record counts for lost, or for the newest, because of them.
   */
  public SortedSet<NodeAddress> behind() {
    return holders.behind();
  }

  /** As the view says that this manager begins to direct by. */
  public void recallBehind(Collection<NodeAddress> servers) {
    holders.setBehind(servers);
  }

  /** Every record has been compared: nobody is behind any more. */
  public void madeEqual() {
    holders.setBehind(Set.of());
  }

  /**
   * Those of the servers that may be attached: of those that alone have some records none, unless
   * the others that may have something newer of these are with it. One that was cut off waits for
   * those who may turn out not to have known of that, see {@link #readmitBeside}.
   */
  public List<NodeAddress> mayReturn(Collection<NodeAddress> servers) {
    List<NodeAddress> silent = absentOwners().stream().filter(owner -> !isLive(owner)).toList();
    List<NodeAddress> free =
        servers.stream()
            .filter(s -> !processes.keptRunning(s) || !holders.waitsFor(spaces, s, silent))
            .toList();
    return holders.mayReturn(spaces, free);
  }

  /** Who alone has some records, and is not there to serve them. */
  public List<NodeAddress> absentOwners() {
    return RecordHolders.absent(spaces);
  }

  /** Whether there are keys of which no replica is active in the write hash space. */
  public boolean lacksReplicas() {
    return RecordHolders.lacksReplicas(spaces.write());
  }

  /** Whether all records can be had, and have a replica to be written to, without that server. */
  public boolean canSpare(NodeAddress server) {
    return holders.canSpare(spaces, server, versions.after(spaces));
  }

  /** Gives up what only these absent owners have. */
  public boolean giveUp(Collection<NodeAddress> owners) {
    HashSpace read = spaces.read();
    long version = versions.after(spaces);
    for (NodeAddress owner : owners) {
      read = read.withFault(owner, version);
    }
    holders.forget(owners);
    return replace(spaces.write(), read);
  }

  /**
   * Makes the servers active in the write hash space. When no server was left, nothing can have
   * changed meanwhile: those that return then are active in the read hash space, too, for they have
   * what there is.
   */
  public boolean attach(Collection<NodeAddress> servers) {
    HashSpace write = spaces.write();
    HashSpace read = spaces.read();
    boolean nobodyServed = isAllFault();
    long version = versions.after(spaces);
    for (NodeAddress server : servers) {
      write = write.withActive(server, version);
      if (nobodyServed && read.find(server).isPresent()) {
        read = read.withActive(server, version);
      }
      processes.attach(server);
    }
    return replace(write, read);
  }

  /**
   * One that alone has some records has crashed, perhaps without the end of what it had
   * acknowledged: those that its last view named beside it hold them again, and return with it.
   *
   * @param installed by it when it crashed
   */
  public boolean readmitBeside(NodeAddress crashed, HashSpaces installed) {
    HashSpaces with = holders.readmit(spaces, crashed, installed, versions.after(spaces));
    return replace(with.write(), with.read());
  }

  /**
   * Those that alone have some records and have been started anew, when no server serves; none
   * while one of them is away.
   */
  public List<NodeAddress> restartedOwners() {
    List<NodeAddress> owners = spaces.write().isEmpty() ? absentOwners() : List.of();
    return owners.stream().allMatch(this::hasRestarted) ? owners : List.of();
  }

  /** Whether a server that was taken out is there, in this process. */
  public boolean mayResume(NodeAddress server, ServerInfo process) {
    boolean out = spaces.write().find(server).isPresent() && !spaces.write().isActive(server);
    return out && processes.runs(server, process);
  }

  /** Takes a server in again that has missed nothing. */
  public boolean resume(NodeAddress server) {
    long version = versions.after(spaces);
    holders.forget(List.of(server));
    return replace(
        spaces.write().withActive(server, version), spaces.read().withActive(server, version));
  }

  /** Settles how many copies there are, while no server is named. */
  public void settleCopies(int copies) {
    replace(spaces.write().withCopies(copies, versions.after(spaces)), spaces.read());
  }

  /** Has keys placed by the zones that these servers announce. */
  public boolean placeInZones(Collection<NodeAddress> servers) {
    HashSpace write = spaces.write();
    long version = versions.after(spaces);
    for (NodeAddress server : servers) {
      write = write.withZone(server, info(server).zone(), version);
    }
    return replace(write, spaces.read());
  }

  /** Whether it would place keys as the write hash space says. */
  public boolean readsLayout(NodeAddress server) {
    return spaces.write().isPlain() || Capabilities.knowsCopies(info(server).capabilities());
  }

  /** Whether there are servers that hold records, and none of them serves. */
  public boolean isAllFault() {
    return !spaces.read().nodes().isEmpty() && spaces.read().isEmpty();
  }

  /** Takes the fault nodes out of the write hash space. */
  public boolean detach() {
    boolean changed = replace(spaces.write().withoutFaults(versions.after(spaces)), spaces.read());
    processes.keepAttached(spaces.write());
    return changed;
  }

  /** Takes these out of the write hash space, whatever they are; they serve reads no more. */
  public boolean remove(Collection<NodeAddress> servers) {
    HashSpace write = spaces.write();
    long version = versions.after(spaces);
    List<Node> left =
        write.nodes().stream().filter(node -> !servers.contains(node.address())).toList();
    HashSpace read = RecordHolders.withFaults(spaces.read(), servers, version);
    holders.forget(servers);
    processes.detach(servers);
    return replace(HashSpace.of(left, version, write.copies()), read);
  }

  /** Gives the write hash space a new ClockTime, so that it names another replace. */
  public boolean renewVersion() {
    return replace(spaces.write().withClockTime(versions.after(spaces)), spaces.read());
  }

  /** The records have been copied: reads follow the write hash space. */
  public boolean completeCopy() {
    return replace(spaces.write(), spaces.write());
  }

  /** Takes the nodes' present processes for the attached ones. */
  public void acceptProcesses() {
    processes.accept(spaces.write());
  }

  /**
   * Takes over whichever of the hash spaces is as new as its own or newer, as kumofs 0.4.13 does
   * between managers. One without an active server never takes the place of one that has some.
   *
   * @param infos what their sender knows of the nodes; null from kumofs 0.4.13
   */
  public boolean adopt(HashSpaces received, @Nullable Map<NodeAddress, ServerInfo> infos) {
    if (received.takeAllFrom(spaces)) {
      return false;
    }
    boolean writeIsNewer = received.write().supersedes(spaces.write());
    if (writeIsNewer && infos != null) {
      processes.setAttached(infos);
    }
    return replace(
        writeIsNewer ? received.write() : spaces.write(),
        received.read().supersedes(spaces.read()) ? received.read() : spaces.read());
  }

  /** Whether one of them is newer than its own. */
  public boolean isBehind(HashSpaces shown) {
    return ClockTime.isNewer(shown.write().clockTime(), spaces.write().clockTime())
        || ClockTime.isNewer(shown.read().clockTime(), spaces.read().clockTime());
  }

  /** Whether one of them is as new as its own, or newer. */
  public boolean accepts(HashSpaces received) {
    return !received.takeAllFrom(spaces)
        && (received.write().supersedes(spaces.write())
            || received.read().supersedes(spaces.read()));
  }

  /** Takes the hash spaces over whatever is known, under ClockTimes that make them the newest. */
  public boolean impose(HashSpaces loaded, Map<NodeAddress, ServerInfo> infos) {
    processes.setAttached(infos);
    long readVersion = versions.after(spaces);
    boolean one = loaded.write().sameNodes(loaded.read());
    long writeVersion = one ? readVersion : versions.after(readVersion);
    return replace(
        loaded.write().withClockTime(writeVersion), loaded.read().withClockTime(readVersion));
  }

  /**
   * Goes back to the nodes and zones of the read hash space. Who serves stays active, and who was
   * taken out becomes so again if it may; others that the former layout names are fault.
   *
   * @param mayServe of those that are connected
   * @return why that cannot be: then nothing has changed; null when it is done
   */
  public @Nullable String putBack(Predicate<NodeAddress> mayServe) {
    FormerLayout former =
        FormerLayout.of(
            spaces, versions.after(spaces), server -> isLive(server) && mayServe.test(server));
    String objection = former.objection(spaces.write());
    if (objection == null) {
      processes.keepAttached(former.space());
      processes.attachKnown(former.returning());
      replace(former.space(), spaces.read());
    }
    return objection;
  }

  /** What operators have ordered to hold on. */
  public StandingOrders orders() {
    return orders;
  }

  public void setOrders(StandingOrders changed) {
    orders = changed;
  }

  /** Goes by a committed view, whatever was decided beyond it. */
  public void install(HashSpaces committed, Map<NodeAddress, ServerInfo> infos) {
    spaces = committed;
    holders.setBehind(Set.of());
    processes.setAttached(infos);
  }

  private boolean replace(HashSpace write, HashSpace read) {
    HashSpaces before = spaces;
    boolean ambiguous =
        write.clockTime() == read.clockTime() && write.clockTime() != 0 && !write.sameNodes(read);
    HashSpace distinct = ambiguous ? write.withClockTime(versions.after(write.clockTime())) : write;
    spaces = new HashSpaces(distinct, read);
    return !spaces.equals(before);
  }
}
