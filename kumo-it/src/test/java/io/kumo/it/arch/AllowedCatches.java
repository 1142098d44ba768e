package io.kumo.it.arch;

import java.util.List;

/**
 * The catch blocks of main code that catch whatever comes, and those that do nothing with what they
 * caught, each with the reason why it stands. There are no others.
 *
 * @param key file and types, see {@link CatchBlock#key}
 * @param count how many of these the file has
 */
record AllowedCatches(String key, int count, String reason) {
  /** Catches of Exception, RuntimeException, Throwable or Error. */
  static final List<AllowedCatches> BROAD =
      List.of(
          new AllowedCatches("Guard.java: Throwable", 3, "it is the guard"),
          new AllowedCatches(
              "Lifecycle.java: Exception",
              1,
              "AutoCloseable.close declares it; wrapped, thrown on, and logged by the guard"),
          new AllowedCatches(
              "HttpHeads.java: Exception",
              1,
              "Netty's decoder declares it; wrapped, thrown on to the guard of the connection"),
          new AllowedCatches(
              "ServerProcess.java: IOException | RuntimeException",
              1,
              "closes what a start that failed had opened; thrown on"),
          new AllowedCatches(
              "MapDbStore.java: IOException | RuntimeException",
              1,
              "closes what an opening that failed had opened; thrown on"),
          new AllowedCatches(
              "OpenStore.java: IOException | RuntimeException",
              2,
              "closes what an opening that failed had opened; thrown on"),
          new AllowedCatches(
              "ShardData.java: RuntimeException",
              2,
              "gives back a buffer, or what was written of a value; thrown on"),
          new AllowedCatches(
              "ShardWriter.java: RuntimeException | Error",
              2,
              "the log has the change and the file has half of it: the store stops; thrown on"),
          new AllowedCatches(
              "Unmapper.java: Throwable",
              1,
              "MethodHandle.invokeExact declares it; thrown on as IllegalStateException"));

  /** Catches whose body does not mention what was caught. */
  static final List<AllowedCatches> SILENT =
      List.of(
          new AllowedCatches(
              "SnapshotServers.java: CliException",
              1,
              "a server that does not answer lets go of a snapshot by itself"),
          new AllowedCatches(
              "KumologMain.java: NoSuchFileException", 1, "between two files no log has the name"),
          new AllowedCatches(
              "DirectMemory.java: OutOfMemoryError",
              1,
              "the JVM's count of direct memory is at its bound, and the caller learns it"),
          new AllowedCatches(
              "Guard.java: Throwable", 1, "the bug is counted, and cannot be told: no memory"),
          new AllowedCatches(
              "HashedPassword.java: CharacterCodingException",
              1,
              "what is not UTF-8 is nobody's password"),
          new AllowedCatches(
              "HashedPassword.java: IllegalArgumentException", 1, "no base64 is an answer"),
          new AllowedCatches(
              "BasicLogin.java: IllegalArgumentException", 1, "no base64 is an answer"),
          new AllowedCatches(
              "HttpCommands.java: NumberFormatException", 1, "no number is an answer"),
          new AllowedCatches(
              "AddressConverter.java: UnknownHostException",
              1,
              "it says no more than the message that is thrown instead"),
          new AllowedCatches(
              "FileGrowth.java: ClosedChannelException",
              1,
              "the file is given up or replaced, so it need not grow"),
          new AllowedCatches(
              "SystemResolver.java: UnknownHostException",
              1,
              "no address is an answer; who asked says so once, and asks again"),
          new AllowedCatches(
              "ManagerNode.java: InterruptedException", 1, "the thread is marked interrupted"),
          new AllowedCatches(
              "GatewayLoop.java: InterruptedException", 1, "the thread is marked interrupted"),
          new AllowedCatches(
              "ClusterSession.java: InterruptedException", 2, "the thread is marked interrupted"),
          new AllowedCatches(
              "BackgroundVoteWriter.java: InterruptedException",
              2,
              "the thread is marked interrupted"),
          new AllowedCatches(
              "SegmentSupply.java: InterruptedException", 1, "the thread is marked at the end"),
          new AllowedCatches(
              "StoreHandlers.java: RejectedExecutionException", 2, "the caller is told"),
          new AllowedCatches("OldRecordCopies.java: RejectedExecutionException", 1, "it is logged"),
          new AllowedCatches(
              "CoordinatedReads.java: StoreException",
              1,
              "the asker is told no, and asks for the record itself, which tells why"),
          new AllowedCatches(
              "KeyRecovery.java: StoreException",
              1,
              "the store has noted the damage; whoever reads the key next has it repaired"),
          new AllowedCatches(
              "StoreDirectory.java: OverlappingFileLockException",
              1,
              "the same as no lock: another opener has the store, which is thrown"),
          new AllowedCatches(
              "IndexFile.java: IOException", 1, "without an index the records are walked instead"),
          new AllowedCatches(
              "ShardRecovery.java: StoreException", 1, "missing in the counts, which are compared"),
          new AllowedCatches(
              "ShardData.java: StoreException", 1, "the record is marked damaged right behind"),
          new AllowedCatches(
              "RecordCopier.java: StoreException", 1, "the slot alone leads to the record then"),
          new AllowedCatches(
              "RecordFile.java: StoreException", 2, "the answer is that there is no such record"),
          new AllowedCatches(
              "ShardWriter.java: StoreException",
              1,
              "a damaged record is overwritten by a sound one"),
          new AllowedCatches(
              "ScanPage.java: StoreException", 1, "left out of the order; the visit finds it"),
          new AllowedCatches(
              "ShardScanner.java: StoreException",
              1,
              "gone since the page was made, or noted as damaged where it was opened"),
          new AllowedCatches(
              "MovePreview.java: CliException", 1, "the preview shows a dash for it"),
          new AllowedCatches(
              "UnknownPeer.java: IOException", 1, "who does not answer is not described"),
          new AllowedCatches(
              "AttachReport.java: IOException", 1, "that nobody accepts is the answer"),
          new AllowedCatches(
              "ChangedSettings.java: CliException", 1, "a gateway that is gone has none"),
          new AllowedCatches(
              "AllNodes.java: CliException", 1, "the server is left out, as its description says"),
          new AllowedCatches(
              "StatisticsHandler.java: RejectedExecutionException", 1, "the caller is told"),
          new AllowedCatches(
              "Introduction.java: UnknownHostException", 1, "a machine need not know its name"),
          new AllowedCatches(
              "TopPoller.java: CliException",
              2,
              "without an answer no rebalance and no gateways are shown"),
          new AllowedCatches(
              "GatewayPoller.java: IOException", 1, "what cannot be closed is gone already"),
          new AllowedCatches(
              "TopFeed.java: InterruptedException", 1, "the thread is marked interrupted"),
          new AllowedCatches(
              "LoadLoop.java: IOException", 1, "the connection's requests count as dropped"),
          new AllowedCatches(
              "TrivialServer.java: IOException", 1, "the client is gone; its key is cancelled"));
}
