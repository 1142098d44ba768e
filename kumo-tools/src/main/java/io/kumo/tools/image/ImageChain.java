package io.kumo.tools.image;

import io.kumo.core.cli.CliException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayDeque;
import java.util.Deque;
import java.util.List;
import java.util.Optional;

/** The images that together are a cluster at one moment: a full one, and what came after. */
public final class ImageChain {
  private ImageChain() {}

  /**
   * What leads to the newest image of a directory, or to that of a file.
   *
   * @return oldest first
   * @throws CliException when one in between is missing
   */
  public static List<ImageFile> upTo(Path path) throws IOException {
    ImageFile last = ImageFile.newest(path);
    Path parent = last.path().toAbsolutePath().getParent();
    Deque<ImageFile> chain = new ArrayDeque<>();
    chain.add(last);
    if (last.header().isFull() || parent == null || !Files.isDirectory(parent)) {
      return complete(chain);
    }
    List<ImageFile> all = ImageFile.in(parent);
    while (!chain.getFirst().header().isFull()) {
      ImageHeader first = chain.getFirst().header();
      Optional<ImageFile> before =
          all.stream()
              .filter(image -> leadsTo(image.header(), first))
              .max((a, b) -> Long.compareUnsigned(a.header().clockTime(), b.header().clockTime()));
      if (before.isEmpty()) {
        return complete(chain);
      }
      chain.addFirst(before.get());
    }
    return complete(chain);
  }

  private static boolean leadsTo(ImageHeader image, ImageHeader next) {
    boolean before = Long.compareUnsigned(image.clockTime(), next.clockTime()) < 0;
    boolean reaches = Long.compareUnsigned(image.clockTime(), next.since()) >= 0;
    boolean named = next.base() == 0 || image.id() == next.base();
    return before && reaches && named && image.cluster() == next.cluster();
  }

  private static List<ImageFile> complete(Deque<ImageFile> chain) {
    ImageFile first = chain.getFirst();
    if (!first.header().isFull()) {
      throw CliException.failed(
          "%s has only what is newer than %016x: the image before it is not beside it"
              .formatted(first.path(), first.header().since()));
    }
    return List.copyOf(chain);
  }
}
