package io.kumo.local.junit;

import static org.assertj.core.api.Assertions.assertThat;
import static org.assertj.core.api.Assertions.assertThatThrownBy;

import io.kumo.local.LocalCluster;
import io.kumo.local.TextClient;
import java.io.IOException;
import java.net.Socket;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.ClassOrderer;
import org.junit.jupiter.api.Nested;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestClassOrder;

/** A cluster for each class that asks for one, gone behind it. */
@TestClassOrder(ClassOrderer.OrderAnnotation.class)
class KumoClusterTest {
  private static @Nullable LocalCluster seen;

  @Nested
  @Order(1)
  @KumoCluster(servers = 1)
  class WithACluster {
    private final LocalCluster ofConstructor;

    WithACluster(LocalCluster cluster) {
      ofConstructor = cluster;
    }

    @Test
    void testsAreGivenIt(LocalCluster cluster) throws IOException {
      assertThat(cluster).isSameAs(ofConstructor);
      assertThat(cluster.servers()).hasSize(1);
      try (TextClient client = new TextClient(cluster.memcached())) {
        assertThat(client.ask("set key 0 0 1\r\nx")).isEqualTo("STORED");
      }
      seen = cluster;
    }

    @Nested
    class AndANestedClass {
      @Test
      void theyShareIt(LocalCluster cluster) throws IOException {
        assertThat(cluster).isSameAs(ofConstructor);
        try (TextClient client = new TextClient(cluster.memcached())) {
          assertThat(client.ask("version")).startsWith("VERSION");
        }
      }
    }
  }

  @Nested
  @Order(2)
  class BehindIt {
    @Test
    void nothingIsLeft() {
      LocalCluster gone = seen;
      assertThat(gone).isNotNull();
      assertThat(gone.folder()).doesNotExist();
      assertThatThrownBy(
              () -> new Socket(gone.memcached().getAddress(), gone.memcached().getPort()).close())
          .isInstanceOf(IOException.class);
    }
  }
}
