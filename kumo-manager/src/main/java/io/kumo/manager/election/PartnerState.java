package io.kumo.manager.election;

/** How far a manager and its partner have got. */
public enum PartnerState {
  /** No partner is configured. */
  ALONE,
  /** Not connected since this process started, and still being waited for. */
  AWAITED,
  /** Connected; its hash spaces have not arrived yet. */
  CONNECTED,
  /** Connected, and what it knew has been taken over. */
  SYNCED,
  /** Was waited for in vain, or went away. */
  LOST
}
