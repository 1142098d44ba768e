package io.kumo.core.log;

import java.util.Collections;
import java.util.Iterator;
import org.slf4j.Marker;

/**
 * The lines of the log that an operator may have to act on, such as {@code KUMO-3002}: what has
 * caused them, and what is to be done. From 1000 on those of every process, from 2000 of managers,
 * from 3000 of servers, from 4000 of gateways. A number is never used for anything else.
 *
 * <p>One is the marker of its line, and has no references to others.
 */
public enum LogId implements Marker {
  BUG(
      1001,
      "A mistake in this program. It cost the request or connection that is named, nothing else.",
      "Report the line and what follows it. If kumo_bugs_total keeps growing, restart the node."),
  REQUEST_FAILED(
      1002,
      "A request met a mistake in this program; KUMO-1001 stands before it.",
      "As for KUMO-1001."),
  NO_CONNECTION_LEFT(
      1003,
      "More processes are connected than a node accepts.",
      "Find who opens connections (ss -tnp); a tool in a loop is likelier than a large cluster."),
  NOT_RELOADED(
      1004,
      "A certificate, a key, a secret or a user file has changed and cannot be used; the line says"
          + " why.",
      "Correct the file; it is read again by itself, or by kumoctl reload. Until then the old one"
          + " counts."),
  LINK_REFUSED(
      1005,
      "Who connected has not proved that it belongs to this cluster; the line says what it lacks.",
      "A node or tool of yours: give it the --secret-file or the --cluster-cert of this cluster; an"
          + " original kumofs: --allow-original. Else: find out who it is."),
  OPEN_TO_STRANGERS(
      1006,
      "A port that other machines reach is protected by nothing.",
      "Give every node the same --secret-file, see docs/security.md; --require-security refuses to"
          + " start like this."),
  TIME_TOO_FAR_AHEAD(
      1007,
      "Somebody sent a ClockTime more than a day ahead of this machine's clock: one of the two"
          + " clocks is wrong, or it means harm.",
      "Look at the clocks of both machines. If they are right, find out who is at that address."),
  HANG_UP_IGNORED(
      1008,
      "Whoever started this process has it ignore SIGHUP, as nohup does, and a JVM cannot change"
          + " that.",
      "Nothing, or start it by its script, or without nohup. Changed files are read again within"
          + " ten seconds all the same, and by kumoctl reload."),
  CLOCK_OFF_OF_NODE(
      2001,
      "The clock of a server differs by more than --max-clock-skew.",
      "Have NTP or chrony set it; the server is attached again by itself or by kumoctl attach."),
  CUT_OFF(
      2002,
      "The manager hears none of the servers and not its partner: its network is the likelier"
          + " cause.",
      "Look at this machine's network. It goes on by itself when it hears one of them."),
  NODE_LOST(
      2003,
      "A server or the partner is gone, or does not answer.",
      "Look at its process and its machine; start it again. For good: kumoctl detach, and another"
          + " server in its place."),
  STRANGE_MANAGER(
      2004,
      "A manager of another pair has this one in its -p, or this one's -p is wrong.",
      "Correct -p of both; kumoctl managers show tells who belongs together."),
  PARTNER_IS_SELF(
      2005, "The name given by -p resolves to this machine.", "Correct the name, or /etc/hosts."),
  BACKUP_ON_SERVER_FAILED(
      2006,
      "A server could not copy its store.",
      "Its own log says why (KUMO-3009); make room and give kumoctl backup again."),
  ONLY_COPY_AWAY(
      2007,
      "The servers named alone have some records, and are not there.",
      "Start them, then kumoctl attach. If they are lost for good, kumoctl attach --force gives"
          + " those records up."),
  REBALANCE_GIVEN_UP(
      2008,
      "A server made no progress in a rebalance.",
      "Look at that server: its disk, and whether others reach its stream port (-L). It is tried"
          + " again."),
  NO_OWNER_THERE(
      2009,
      "None of the servers with records has connected since the managers started.",
      "Start them. kumoctl attach --force begins without what only they have."),
  REPLICAS_MAY_DIFFER(
      2010,
      "The managers could not reach one another, and both directed.",
      "Nothing: replicas are compared by themselves. Look after the network between the managers."),
  FLUSH_REFUSED(
      2011,
      "flush_all would hide what is written later.",
      "Set the clocks of the servers right, then flush again."),
  FOREIGN_CLUSTER(
      2012,
      "A node of another cluster has this manager in its -m, or has the store of another cluster.",
      "Correct -m, or the folder given by -s."),
  REJOINS_LATER(
      2013,
      "A server that was lost has been started again. It waits for --rejoin-after, in case an"
          + " operator wants to look at it first.",
      "Nothing, or kumoctl attach for it to rejoin at once. To keep it out, stop it, or detach"
          + " it."),
  LINK_BROKEN(
      2014,
      "Two servers that the managers reach cannot reach each other. The one with fewer working"
          + " links is taken out, as their keys could not be written.",
      "Look at the network between them: a firewall, a cable, a route. The server rejoins by"
          + " itself."),
  FULL_SERVER_OUT(
      2015,
      "The disk of a server is full, so writes to its keys failed. It is marked fault and the"
          + " others go on.",
      "Make room there (KUMO-3002). It rejoins by itself when there is some."),
  ZONES_NOT_USED(
      2016,
      "Servers say --zone, and somebody who places keys is of a build that cannot read zones, or an"
          + " original.",
      "Upgrade or stop what the line names, then kumoctl attach: zones count from then on."),
  GATEWAY_REFUSED(
      2017,
      "A gateway of kumofs, or of a build without copies and zones, asked a cluster that has zones"
          + " or keeps other than three copies.",
      "Upgrade that gateway. Originals need three copies, and servers without --zone."),
  FORCED_VIEW(
      2018,
      "An operator has given kumoctl force-view: the cluster goes on without a quorum, as a child"
          + " of the one before.",
      "Nothing. What was acknowledged by servers that are gone may be missing; those that come back"
          + " are compared."),
  STORE_DAMAGED(
      3001,
      "A crash of the machine, or a disk that fails, has left parts of the store unreadable.",
      "Nothing at once: they are fetched from replicas. Look at the disk (smartctl, dmesg)."),
  DISK_FULL(
      3002,
      "Less than --min-free is left on the disk of the store; also said when writes are taken"
          + " again.",
      "Make room, or add servers and kumoctl attach. kumoctl compact gives free space in the files"
          + " back."),
  RECORD_DAMAGED(
      3003,
      "The checksum of a record is wrong: a bit of it changed on the disk.",
      "Nothing for one record. More of them: replace the disk."),
  RECORD_LOST(
      3004,
      "A record is damaged here and no replica has it.",
      "Write the key anew, or delete it; restore it from a backup if the application cannot."),
  SHARD_STAYS_DAMAGED(
      3005,
      "Damaged records could not be repaired before the file was rewritten.",
      "See KUMO-3003 and KUMO-3004."),
  AWAY_TOO_LONG(
      3006,
      "Others have forgotten deletes that this server has not seen, so its records cannot be"
          + " trusted.",
      "Nothing: a copy is kept beside the store, and it is filled anew. -gX says how long a server"
          + " may be away."),
  OLD_RECORDS_REMOVED(
      3007,
      "What KUMO-3006 said is done.",
      "Nothing. Delete the copy when nobody misses anything."),
  OLD_RECORDS_STAY(
      3008,
      "The store refuses removals.",
      "See why the store does (KUMO-3002, KUMO-3012); it is tried again."),
  STORE_TASK_FAILED(
      3009,
      "A backup or compact failed; the line says why.",
      "Mostly there was no room: make some, and give the order again."),
  BACKUP_REFUSED(
      3010,
      "The place for a backup cannot be used.",
      "Choose another suffix, or remove what is there."),
  NO_STATISTICS(
      3011, "The store did not say what it takes up.", "See what else the log says of the store."),
  CHECKPOINT_FAILED(
      3012,
      "A data file cannot be written.",
      "Look at the disk and its room. Nothing is lost meanwhile: the redo log has it; but it"
          + " grows."),
  FILE_NOT_EXTENDED(
      3013,
      "There is no room for a data file to grow, or the disk fails.",
      "Make room; it is tried again, and writes are refused as BUSY until then."),
  STATE_NOT_WRITTEN(
      3014,
      "A small file of the store cannot be written.",
      "Look at the disk and the rights of the folder; it is tried again."),
  VIEW_NOT_SAVED(
      3015,
      "As KUMO-3014; the server stays with the layout that it has, and is marked fault in the end.",
      "As for KUMO-3014."),
  OLD_RECORDS_NOT_KEPT(
      3016,
      "Before old records are removed (KUMO-3006) a copy is made; it could not be.",
      "Nothing, if the other servers are well. Before a start like this, make room as large as the"
          + " store."),
  OLD_COPIES_STAY(3017, "A folder with old records cannot be deleted.", "Delete it by hand."),
  MOVED_RECORDS_STAY(
      3018,
      "The store cannot be read or changed in the last phase of a rebalance.",
      "See what else the log says of the store; it is tried again."),
  COPY_WAITS(
      3019,
      "The store cannot be read in a rebalance.",
      "See what else the log says of the store; it goes on by itself."),
  OWN_CLOCK_OFF(
      3020,
      "This server's clock differs from a manager's by more than --max-clock-skew.",
      "Have NTP or chrony set it."),
  MANAGER_AWAY(
      3021, "A manager that -m or -p names does not answer.", "Start it, or correct -m and -p."),
  VIEW_UNREADABLE(
      3022,
      "What the server last knew of the cluster is damaged on its disk.",
      "Nothing: the managers are asked. Look at the disk."),
  NOT_SCRUBBED(
      3023,
      "The scrub could not read a part of the store; it goes on behind that part.",
      "Look at the disk (smartctl, dmesg). kumoctl verify --repair says what the others have of"
          + " it."),
  GATEWAY_CLOCK_OFF(
      4001,
      "The clock of the gateway's machine differs from the servers'.",
      "Have NTP or chrony set it: expiry times are taken by it."),
  NO_MANAGER_ANSWERS(
      4002,
      "A manager that -m or -p names does not answer.",
      "Start it, or correct -m and -p. The gateway goes on with the layout that it has."),
  ACCEPTING_PAUSES(
      4003,
      "The process has no file descriptors left.",
      "Raise LimitNOFILE of the unit or ulimit -n, or lower --max-connections."),
  FLUSH_FAILED(
      4004,
      "A flush_all was refused by the managers, or none answered.",
      "See the log of the manager (KUMO-2011)."),
  LOGINS_FAIL(
      4005,
      "Clients give names or passwords that the user file does not have.",
      "Correct the client that is named, or keep it out if it is a stranger's. Said once a minute"
          + " at most.");

  private final int number;
  private final String cause;
  private final String remedy;

  LogId(int number, String cause, String remedy) {
    this.number = number;
    this.cause = cause;
    this.remedy = remedy;
  }

  /** As the line ends, such as {@code KUMO-3002}. */
  @Override
  public String getName() {
    return "KUMO-" + number;
  }

  /** The same: what Logback writes of a marker. */
  @Override
  public String toString() {
    return getName();
  }

  /** What has caused the line. */
  public String cause() {
    return cause;
  }

  /** What is to be done. */
  public String remedy() {
    return remedy;
  }

  @Override
  public void add(Marker reference) {
    throw new UnsupportedOperationException(getName() + " stands alone");
  }

  @Override
  public boolean remove(Marker reference) {
    return false;
  }

  @Override
  @Deprecated
  @SuppressWarnings("InlineMeSuggester") // the interface has it
  public boolean hasChildren() {
    return hasReferences();
  }

  @Override
  public boolean hasReferences() {
    return false;
  }

  @Override
  public Iterator<Marker> iterator() {
    return Collections.emptyIterator();
  }

  @Override
  public boolean contains(Marker other) {
    return this == other;
  }

  @Override
  public boolean contains(String name) {
    return getName().equals(name);
  }
}
