package io.kumo.it.scripts;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.FileTime;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Pattern;
import java.util.stream.Stream;

/** The sources and classes of the repository in another folder, to change and to build anew. */
final class TreeCopy implements AutoCloseable {
  /** Modules of which Maven wants to know that they are there. */
  private static final Set<String> NOT_RUN = Set.of("kumo-dist", "kumo-it", "kumo-testkit");

  private static final Pattern CHECKS = Pattern.compile("<arg>-Xplugin:ErrorProne[^<]*</arg>");

  private final Path root;

  /** Times of files are kept, so that nothing is outdated. */
  TreeCopy() throws IOException, InterruptedException {
    root = Files.createTempDirectory("kumo-tree");
    exec("chmod", "755", root.toString());
    Path original = Script.folder().getParent();
    for (String part : List.of("pom.xml", "scripts", ".mvn")) {
      copy(original, part);
    }
    try (Stream<Path> modules = Files.list(original)) {
      for (Path module : modules.filter(path -> Files.exists(path.resolve("pom.xml"))).toList()) {
        String name = module.getFileName().toString();
        copy(original, name + "/pom.xml");
        if (!NOT_RUN.contains(name)) {
          copy(original, name + "/src/main");
          copy(original, name + "/target");
        }
      }
    }
    compileWithoutChecks();
  }

  private void copy(Path from, String part) throws IOException, InterruptedException {
    if (Files.exists(from.resolve(part))) {
      Path to = root.resolve(part);
      Files.createDirectories(to.getParent());
      exec("cp", "-a", from.resolve(part).toString(), to.toString());
    }
  }

  /** The sources have passed them already, and they are most of the work of a compiler. */
  private void compileWithoutChecks() throws IOException {
    Path pom = root.resolve("pom.xml");
    FileTime time = Files.getLastModifiedTime(pom);
    String text = Files.readString(pom);
    String without = CHECKS.matcher(text).replaceAll("");
    if (without.equals(text)) {
      throw new IOException(pom + " has no " + CHECKS);
    }
    Files.writeString(pom, without);
    Files.setLastModifiedTime(pom, time);
  }

  private static void exec(String... command) throws IOException, InterruptedException {
    Script run = Script.exec(Map.of(), List.of(command));
    if (run.exitCode() != 0) {
      throw new IOException(List.of(command) + ": " + run.output());
    }
  }

  Path path(String name) {
    return root.resolve(name);
  }

  /** The command line of one of its scripts. */
  List<String> command(String name, String... arguments) {
    List<String> command = new ArrayList<>(List.of(path("scripts/" + name).toString()));
    command.addAll(List.of(arguments));
    return command;
  }

  Script run(String name, String... arguments) throws IOException, InterruptedException {
    return Script.exec(Map.of(), command(name, arguments));
  }

  /** The folder that programs which start now run from. */
  Path build() throws IOException {
    return path(".kumo-build/current").toRealPath();
  }

  void replaceInSource(String file, String from, String to) throws IOException {
    String text = Files.readString(path(file));
    if (!text.contains(from)) {
      throw new IOException(file + " does not contain " + from);
    }
    Files.writeString(path(file), text.replace(from, to));
  }

  @Override
  public void close() throws IOException {
    try {
      exec("rm", "-rf", root.toString());
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }
}
