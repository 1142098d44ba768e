package io.kumo.tools.ctl.command;

import io.kumo.tools.Printer;
import java.net.InetSocketAddress;

/** What a command has of the command line around it. */
public interface CommandContext {
  /** The manager that was named. */
  InetSocketAddress manager();

  Printer printer();

  /** Who gives the orders of this command. */
  Introduction introduction();
}
