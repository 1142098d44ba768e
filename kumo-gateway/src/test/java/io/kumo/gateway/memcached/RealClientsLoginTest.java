package io.kumo.gateway.memcached;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.kumo.core.auth.UserFile;
import io.kumo.core.clock.TimeSource;
import io.kumo.core.metrics.SecurityMetrics;
import io.kumo.core.security.ClientCertificates;
import io.kumo.core.security.Reloads;
import io.kumo.core.security.ServerTls;
import io.kumo.core.security.TlsFiles;
import io.kumo.core.testing.TestCertificates;
import io.kumo.gateway.metrics.GatewayMetric;
import io.kumo.gateway.testing.TestGateway;
import io.kumo.gateway.testing.TestUsers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * Unchanged clients of other languages say who they are, and speak TLS. Each is skipped where it is
 * not installed: Debian's python3-pylibmc, python3-pymemcache, php-memcached, ruby-dalli and
 * libmemcached-tools.
 */
class RealClientsLoginTest {
  private static final String PYTHON = "/usr/bin/python3";

  @TempDir Path directory;

  private final UserFile users = TestUsers.alice();
  private TestGateway gateway;

  private void start() {
    gateway = TestGateway.start(TestGateway.Setup.DEFAULT.with(() -> users));
  }

  @AfterEach
  void stop() {
    if (gateway != null) {
      gateway.close();
    }
  }

  private long count(GatewayMetric metric) {
    return gateway.onLoop(() -> gateway.clientLoop().metrics().get(metric));
  }

  private static void requireInstalled(String... probe) throws Exception {
    assumeTrue(Files.isExecutable(Path.of(probe[0])), "no " + probe[0]);
    assumeTrue(run(probe).exitCode() == 0, "not installed: " + Arrays.toString(probe));
  }

  private record Ran(int exitCode, String output) {}

  private static Ran run(String... command) throws Exception {
    Process process = new ProcessBuilder(command).redirectErrorStream(true).start();
    String output = new String(process.getInputStream().readAllBytes(), UTF_8);
    return new Ran(process.waitFor(), output);
  }

  /** Runs a program of some lines, which is told the port; it is to print "done" at its end. */
  private void exercise(List<String> interpreter, String program, String... more) throws Exception {
    List<String> command = new ArrayList<>(interpreter);
    command.add(program.replace("PORT", Integer.toString(gateway.port())));
    command.addAll(List.of(more));
    assertThat(run(command.toArray(new String[0])).output()).isEqualTo("done");
  }

  @Test
  void pylibmcLogsInBySasl() throws Exception {
    requireInstalled(PYTHON, "-c", "import pylibmc; assert pylibmc.support_sasl");
    start();
    String program =
        """
        import pylibmc
        c = pylibmc.Client(['127.0.0.1:PORT'], binary=True, username='alice', password='secret')
        assert c.set('k', 'v') and c.get('k') == 'v'
        assert c.set_multi({str(i): i for i in range(50)}) == []
        assert len(c.get_multi([str(i) for i in range(50)])) == 50
        wrong = pylibmc.Client(['127.0.0.1:PORT'], binary=True, username='alice', password='no')
        try:
            wrong.set('k', 'w')
            print('not refused', end='')
        except pylibmc.Error:
            assert c.get('k') == 'v'
            print('done', end='')
        """;
    exercise(List.of(PYTHON, "-c"), program);
    assertThat(count(GatewayMetric.AUTH_ERRORS)).isPositive();
  }

  @Test
  void pymemcacheLogsInByItsFirstSet() throws Exception {
    requireInstalled(PYTHON, "-c", "import pymemcache");
    start();
    String program =
        """
        from pymemcache.client.base import Client
        c = Client(('127.0.0.1', PORT))
        assert c.set('login', 'alice secret', noreply=False)
        assert c.set('k', 'v', noreply=False) and c.get('k') == b'v'
        c.set('q', 'w')
        assert c.get_many(['k', 'q', 'none']) == {'k': b'v', 'q': b'w'}
        print('done', end='')
        """;
    exercise(List.of(PYTHON, "-c"), program);
  }

  @Test
  void pymemcacheSpeaksTls() throws Exception {
    requireInstalled(PYTHON, "-c", "import pymemcache");
    TlsFiles node = TestCertificates.copy("node", directory);
    ServerTls tls =
        ServerTls.open(
            "clients",
            node,
            ClientCertificates.REQUIRED,
            TimeSource.system(),
            new Reloads(new SecurityMetrics()));
    TlsFiles mine = TestCertificates.copy("client", directory);
    gateway = TestGateway.start(TestGateway.Setup.DEFAULT.with(tls));
    String program =
        """
        import ssl, sys
        from pymemcache.client.base import Client
        context = ssl.create_default_context(cafile=sys.argv[1])
        context.load_cert_chain(sys.argv[2], sys.argv[3])
        c = Client('localhost:PORT', tls_context=context)
        assert c.set('k', 'v' * 900000, noreply=False)
        assert c.get('k') == b'v' * 900000
        c.set_many({str(i): 'x' for i in range(100)})
        assert len(c.get_many([str(i) for i in range(100)])) == 100
        print('done', end='')
        """;
    exercise(
        List.of(PYTHON, "-c"),
        program,
        String.valueOf(mine.authority()),
        mine.certificate().toString(),
        mine.key().toString());
  }

  @Test
  void phpMemcachedLogsInBySasl() throws Exception {
    requireInstalled("/usr/bin/php", "-r", "exit(Memcached::HAVE_SASL ?? 0 ? 0 : 1);");
    start();
    String program =
        """
        $m = new Memcached();
        $m->setOption(Memcached::OPT_BINARY_PROTOCOL, true);
        $m->setSaslAuthData('alice', 'secret');
        $m->addServer('127.0.0.1', PORT);
        if (!$m->set('k', 'v') || $m->get('k') !== 'v') exit($m->getResultMessage());
        $w = new Memcached();
        $w->setOption(Memcached::OPT_BINARY_PROTOCOL, true);
        $w->setSaslAuthData('alice', 'no');
        $w->addServer('127.0.0.1', PORT);
        if ($w->set('k', 'w')) exit('not refused');
        echo $m->get('k') === 'v' ? 'done' : 'changed';
        """;
    exercise(List.of("/usr/bin/php", "-r"), program);
  }

  @Test
  void dalliLogsInBySasl() throws Exception {
    requireInstalled("/usr/bin/ruby", "-e", "require 'dalli'");
    start();
    String program =
        """
        require 'dalli'
        Dalli.logger.level = Logger::FATAL
        c = Dalli::Client.new('127.0.0.1:PORT', username: 'alice', password: 'secret')
        raise 'no set' unless c.set('k', 'v')
        raise 'no get' unless c.get('k') == 'v'
        begin
          Dalli::Client.new('127.0.0.1:PORT', username: 'alice', password: 'no').set('k', 'w')
          print 'not refused'
        rescue Dalli::DalliError
          print c.get('k') == 'v' ? 'done' : 'changed'
        end
        """;
    exercise(List.of("/usr/bin/ruby", "-e"), program);
  }

  @Test
  void toolsOfLibmemcachedLogInBySasl() throws Exception {
    requireInstalled("/usr/bin/memccat", "--version");
    start();
    Path file = directory.resolve("stored");
    Files.writeString(file, "by memccp");
    String[] who = {"--binary", "--username=alice", "--password=secret"};
    String servers = "--servers=127.0.0.1:" + gateway.port();
    assertThat(run("/usr/bin/memccp", who[0], who[1], who[2], servers, file.toString()).exitCode())
        .isZero();
    assertThat(run("/usr/bin/memccat", who[0], who[1], who[2], servers, "stored").output())
        .isEqualTo("by memccp\n");
    assertThat(run("/usr/bin/memccat", who[0], servers, "stored").exitCode()).isNotZero();
  }
}
