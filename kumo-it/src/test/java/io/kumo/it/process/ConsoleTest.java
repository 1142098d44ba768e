package io.kumo.it.process;

import static org.assertj.core.api.Assertions.assertThat;
import static org.awaitility.Awaitility.await;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.time.Duration;
import java.util.List;
import java.util.Map;
import java.util.logging.Level;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.MethodOrderer;
import org.junit.jupiter.api.Order;
import org.junit.jupiter.api.Tag;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.TestMethodOrder;
import org.junit.jupiter.api.io.TempDir;
import org.openqa.selenium.By;
import org.openqa.selenium.OutputType;
import org.openqa.selenium.chrome.ChromeDriver;
import org.openqa.selenium.chrome.ChromeDriverService;
import org.openqa.selenium.chrome.ChromeOptions;
import org.openqa.selenium.logging.LogEntry;
import org.openqa.selenium.logging.LogType;
import org.openqa.selenium.logging.LoggingPreferences;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** A manager's console in a real browser, in front of a cluster of processes under load. */
@Tag("slow")
@TestMethodOrder(MethodOrderer.OrderAnnotation.class)
class ConsoleTest {
  private static final Logger LOG = LoggerFactory.getLogger(ConsoleTest.class);
  private static final Path BROWSER = Path.of("/usr/bin/chromium");
  private static final Path DRIVER = Path.of("/usr/bin/chromedriver");
  private static final Duration PATIENCE = Duration.ofSeconds(60);

  /** What text is read against what is behind it, the worst of all; WCAG asks for 4.5. */
  private static final String CONTRAST =
      """
      const lum = c => { const f = c.map(v => { v /= 255; return v <= .03928 ? v / 12.92 : Math.pow((v + .055) / 1.055, 2.4); });
        return .2126 * f[0] + .7152 * f[1] + .0722 * f[2]; };
      const parse = c => (c.match(/[\\d.]+/g) || []).map(Number);
      const back = e => { for (; e; e = e.parentElement) { const c = parse(getComputedStyle(e).backgroundColor);
        if (c.length === 3 || c[3] === 1) return c.slice(0, 3); } return [255, 255, 255]; };
      let worst = 99, where = "";
      for (const e of document.querySelectorAll("body *")) {
        const own = [...e.childNodes].some(n => n.nodeType === 3 && n.data.trim());
        if (!own || e.closest("svg, script, style") || !e.getClientRects().length) continue;
        const a = lum(parse(getComputedStyle(e).color).slice(0, 3)), b = lum(back(e));
        const ratio = (Math.max(a, b) + .05) / (Math.min(a, b) + .05);
        if (ratio < worst) { worst = ratio; where = e.outerHTML.slice(0, 120); }
      }
      return worst + " " + where;
      """;

  @TempDir static Path directory;
  private static ClusterProcesses cluster;
  private static Load load;
  private static ChromeDriver browser;

  @BeforeAll
  static void up() {
    assumeTrue(Files.isExecutable(BROWSER), "chromium is missing");
    assumeTrue(Files.isExecutable(DRIVER), "chromium-driver is missing");
    int port = FreePorts.one();
    cluster = new ClusterProcesses(directory, 3);
    cluster.useManagerArguments("--http", "" + port);
    cluster.startAll();
    load = Load.begin(cluster.gatewayPort());
    ChromeOptions options = new ChromeOptions();
    options.setBinary(BROWSER.toFile());
    options.addArguments("--headless=new", "--no-sandbox", "--disable-dev-shm-usage");
    options.addArguments("--disable-gpu", "--hide-scrollbars");
    LoggingPreferences logs = new LoggingPreferences();
    logs.enable(LogType.BROWSER, Level.ALL);
    options.setCapability("goog:loggingPrefs", logs);
    File driver = DRIVER.toFile();
    browser =
        new ChromeDriver(
            new ChromeDriverService.Builder().usingDriverExecutable(driver).build(), options);
    browser.get("http://127.0.0.1:" + port + "/");
  }

  @AfterAll
  static void down() {
    if (browser != null) {
      browser.quit();
    }
    if (load != null) {
      load.close();
    }
    if (cluster != null) {
      cluster.close();
    }
  }

  private static String text(String id) {
    return browser.findElement(By.id(id)).getText();
  }

  private static void look(int width, int height, String scheme) {
    browser.executeCdpCommand(
        "Emulation.setDeviceMetricsOverride",
        Map.of("width", width, "height", height, "deviceScaleFactor", 1, "mobile", false));
    browser.executeCdpCommand(
        "Emulation.setEmulatedMedia",
        Map.of("features", List.of(Map.of("name", "prefers-color-scheme", "value", scheme))));
  }

  @Test
  @Order(1)
  void itShowsServersRatesAndTheRing() {
    look(1600, 1000, "light");
    await().atMost(PATIENCE).until(() -> text("verdict-text").equals("All 3 servers serve"));
    await().atMost(PATIENCE).until(() -> text("t-writes").matches("[1-9][\\d,]*"));
    assertThat(text("t-reads")).matches("[1-9][\\d,]*");
    assertThat(browser.findElements(By.cssSelector("#arcs path"))).hasSize(3);
    assertThat(text("ring-n")).isEqualTo("3");
    for (int i = 0; i < 3; i++) {
      String row = "tr[data-server='" + cluster.server(i) + "']";
      assertThat(browser.findElement(By.cssSelector(row + " .state")).getText())
          .isEqualTo("serving");
      await()
          .atMost(PATIENCE)
          .until(
              () -> browser.findElement(By.cssSelector(row + " .p99")).getText().endsWith(" ms"));
    }
    assertThat(text("events")).contains(cluster.server(0) + " is attached", "rebalance");
  }

  @Test
  @Order(2)
  void itIsReadableAtBothSizesAndInBothColours() {
    for (int width : new int[] {400, 1600}) {
      for (String scheme : List.of("light", "dark")) {
        look(width, width == 400 ? 2100 : 1000, scheme);
        await()
            .atMost(PATIENCE)
            .until(() -> browser.executeScript("return innerWidth").equals((long) width));
        // A background that still fades from the other scheme is nobody's.
        await()
            .atMost(PATIENCE)
            .until(
                () -> browser.executeScript("return document.getAnimations().length").equals(0L));
        assertThat((Long) browser.executeScript("return document.documentElement.scrollWidth"))
            .as("width of the page at %d", width)
            .isLessThanOrEqualTo(width);
        String contrast = (String) browser.executeScript(CONTRAST);
        assertThat(Double.parseDouble(contrast.split(" ", 2)[0]))
            .as("%s: %s", scheme, contrast)
            .isGreaterThan(4.5);
        Screens.keep(
            "console-%d-%s.png".formatted(width, scheme),
            browser.getScreenshotAs(OutputType.BYTES));
      }
    }
  }

  @Test
  @Order(3)
  void itLoadsNothingFromElsewhereAndComplainsOfNothing() {
    @SuppressWarnings("unchecked")
    List<String> loaded =
        (List<String>)
            browser.executeScript(
                "return performance.getEntriesByType('resource').map(e => e.name)");
    String origin = (String) browser.executeScript("return location.origin");
    assertThat(loaded).isNotEmpty().allMatch(name -> name.startsWith(origin));
    assertThat(browser.manage().logs().get(LogType.BROWSER).getAll())
        .extracting(LogEntry::getMessage)
        .isEmpty();
  }

  @Test
  @Order(4)
  void aServerThatIsKilledUnderLoadShowsWithinThreeSeconds() throws Exception {
    look(1600, 1000, "light");
    String state = "tr[data-server='" + cluster.server(1) + "'] .state";
    // The page notes for itself when it sees that: nobody who asks it slows it down.
    browser.executeScript(
        "const at = performance.now(); window.seenAfter = null; const i = setInterval(() => {"
            + "const e = document.querySelector(arguments[0]);"
            + "if (e.classList.contains('bad')) { window.seenAfter = performance.now() - at;"
            + " clearInterval(i); } }, 20)",
        state);
    cluster.process("server-1").kill();
    await().atMost(PATIENCE).until(() -> browser.executeScript("return seenAfter") != null);
    double millis = ((Number) browser.executeScript("return seenAfter")).doubleValue();
    LOG.info("a killed server shows after {} ms", Math.round(millis));
    assertThat(millis).isLessThan(3000);
    assertThat(text("verdict-text")).contains(cluster.server(1));
    Screens.keep("console-killed.png", browser.getScreenshotAs(OutputType.BYTES));
    await()
        .atMost(PATIENCE)
        .until(() -> text("events").contains(cluster.server(1) + " is marked fault"));
  }

  @Test
  @Order(5)
  void aManagerThatIsGoneIsSaidToBe() throws Exception {
    cluster.process("manager-0").kill();
    await()
        .atMost(PATIENCE)
        .until(() -> text("verdict-text").equals("The manager does not answer"));
  }
}
