package io.kumo.core.metrics;

/** What every process counts of those who may not talk to it, and of what it could not reload. */
public enum SecurityMetric {
  /** Of certificates, keys, secrets and user files. */
  FAILED_RELOADS(
      "kumo_reload_failures_total",
      "Certificates, keys, secrets and user files that had changed and were not taken."),
  /** By those who connect. */
  ACCEPTED_LINKS(
      "kumo_links_accepted_total", "Connections whose other end has proved that it may be here."),
  /** By whatever reason. */
  REFUSED_LINKS(
      "kumo_links_refused_total",
      "Connections closed because their other end has not proved that it may be here."),
  /** Of whoever, credentials or not. */
  REFUSED_TIMES(
      "kumo_clock_times_refused_total",
      "Messages refused because their ClockTime was more than a day ahead of this machine's clock.");

  private final String metricName;
  private final String help;

  SecurityMetric(String metricName, String help) {
    this.metricName = metricName;
    this.help = help;
  }

  public String metricName() {
    return metricName;
  }

  String help() {
    return help;
  }
}
