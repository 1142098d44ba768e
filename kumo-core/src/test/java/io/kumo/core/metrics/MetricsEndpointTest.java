package io.kumo.core.metrics;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.core.guard.Guard;
import java.io.IOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.Supplier;
import org.junit.jupiter.api.Test;

class MetricsEndpointTest {
  private static final InetSocketAddress ANY_PORT =
      new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);

  private final HttpClient client = HttpClient.newHttpClient();

  private HttpResponse<String> ask(MetricsEndpoint endpoint, String method, String path)
      throws IOException, InterruptedException {
    URI uri = URI.create("http://127.0.0.1:" + endpoint.address().getPort() + path);
    HttpRequest request =
        HttpRequest.newBuilder(uri).method(method, HttpRequest.BodyPublishers.noBody()).build();
    return client.send(request, HttpResponse.BodyHandlers.ofString());
  }

  @Test
  void showsEveryMeasurementWithItsMeaning() throws Exception {
    List<Measurement> all =
        List.of(
            new Measurement("a_total", true, "All a.", 1L << 40),
            new Measurement("b", false, "The b now.", -2));
    try (MetricsEndpoint endpoint = MetricsEndpoint.start(ANY_PORT, () -> all)) {
      HttpResponse<String> response = ask(endpoint, "GET", "/metrics");
      assertThat(response.statusCode()).isEqualTo(200);
      assertThat(response.headers().firstValue("Content-Type"))
          .contains("text/plain; version=0.0.4; charset=utf-8");
      assertThat(response.body())
          .startsWith(
              """
              # HELP a_total All a.
              # TYPE a_total counter
              a_total 1099511627776
              # HELP b The b now.
              # TYPE b gauge
              b -2
              # HELP kumo_loop_delay_longest_microseconds""");
    }
  }

  @Test
  void aSourceThatThrowsIsCountedAndTheNextQuestionAnswered() throws Exception {
    AtomicBoolean throwing = new AtomicBoolean(true);
    Supplier<List<Measurement>> source =
        () -> {
          if (throwing.getAndSet(false)) {
            throw new IllegalStateException("planted by a test");
          }
          return List.of();
        };
    long before = Guard.ofProcess().bugs();
    try (MetricsEndpoint endpoint = MetricsEndpoint.start(ANY_PORT, source)) {
      assertThat(ask(endpoint, "GET", "/metrics").statusCode()).isEqualTo(500);

      assertThat(ask(endpoint, "GET", "/metrics").body())
          .endsWith("\nkumo_bugs_total " + (before + 1) + "\n");
    }
  }

  @Test
  void answersNothingElse() throws Exception {
    try (MetricsEndpoint endpoint = MetricsEndpoint.start(ANY_PORT, List::of)) {
      assertThat(ask(endpoint, "GET", "/other").statusCode()).isEqualTo(404);
      assertThat(ask(endpoint, "POST", "/metrics").statusCode()).isEqualTo(405);
    }
  }

  @Test
  void anAddressInUseIsNamed() throws Exception {
    try (MetricsEndpoint endpoint = MetricsEndpoint.start(ANY_PORT, List::of)) {
      assertThatThrownBy(() -> MetricsEndpoint.start(endpoint.address(), List::of))
          .isInstanceOf(IOException.class)
          .hasMessageStartingWith("cannot listen on 127.0.0.1:" + endpoint.address().getPort());
    }
  }
}
