package dev.entrepot.transfer;

import java.io.IOException;
import java.io.InputStream;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** Files in a directory. */
record DirectoryTree(Path root) implements SourceTree {
  @Override
  public boolean hasFolder(String path) {
    return Files.isDirectory(root.resolve(path));
  }

  @Override
  public Stream<String> folders(String path) throws IOException {
    return hasFolder(path)
        ? Files.list(root.resolve(path))
            .filter(Files::isDirectory)
            .map(folder -> folder.getFileName().toString())
        : Stream.empty();
  }

  @Override
  public Optional<byte[]> read(String path, int limit) throws IOException {
    Path file = root.resolve(path);
    if (!Files.isRegularFile(file)) {
      return Optional.empty();
    }
    try (InputStream bytes = Files.newInputStream(file)) {
      return Optional.of(bytes.readNBytes(limit));
    }
  }

  @Override
  public Optional<File> find(String path) throws IOException {
    Path file = root.resolve(path);
    return Files.isRegularFile(file)
        ? Optional.of(new LocalFile(file, Files.size(file)))
        : Optional.empty();
  }

  @Override
  public void close() {
    // Nothing is held open.
  }

  @Override
  public String toString() {
    return root.toString();
  }

  private record LocalFile(Path file, long size) implements File {
    @Override
    public InputStream open() throws IOException {
      return Files.newInputStream(file);
    }

    @Override
    public Optional<Path> path() {
      return Optional.of(file);
    }
  }
}
