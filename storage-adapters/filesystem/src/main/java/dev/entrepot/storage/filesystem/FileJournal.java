package dev.entrepot.storage.filesystem;

import static dev.entrepot.storage.filesystem.DurableFiles.unavailable;
import static java.nio.file.StandardCopyOption.ATOMIC_MOVE;

import dev.entrepot.storage.JournalName;
import dev.entrepot.storage.StoreJournal;
import java.io.IOException;
import java.nio.ByteBuffer;
import java.nio.channels.FileChannel;
import java.nio.file.DirectoryStream;
import java.nio.file.Files;
import java.nio.file.NoSuchFileException;
import java.nio.file.Path;
import java.util.List;
import java.util.NavigableSet;
import java.util.Optional;
import java.util.TreeSet;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/** Files that are written among the uploads, where one that a crash has left is dropped. */
record FileJournal(Layout layout) implements StoreJournal {
  @Override
  public void put(JournalName name, byte[] content) {
    Path file = layout.journal(name);
    Path folder = DurableFiles.folderOf(file);
    Path written = layout.upload(UUID.randomUUID());
    try {
      try (FileChannel channel = DurableFiles.create(written)) {
        for (ByteBuffer left = ByteBuffer.wrap(content); left.hasRemaining(); ) {
          channel.write(left);
        }
        channel.force(false);
      }
      DurableFiles.createDirectories(folder);
      Files.move(written, file, ATOMIC_MOVE);
      DurableFiles.sync(folder);
    } catch (IOException e) {
      throw unavailable("cannot write " + file, e);
    }
  }

  @Override
  public Optional<byte[]> read(JournalName name) {
    try {
      return Optional.of(Files.readAllBytes(layout.journal(name)));
    } catch (NoSuchFileException e) {
      return Optional.empty();
    } catch (IOException e) {
      throw unavailable("cannot read " + layout.journal(name), e);
    }
  }

  @Override
  public List<JournalName> list(String prefix, @Nullable JournalName after, int limit) {
    if (limit < 1) {
      throw new IllegalArgumentException("limit must be at least 1, not " + limit);
    }
    String folder = prefix.substring(0, prefix.indexOf('/') + 1);
    NavigableSet<String> names = new TreeSet<>();
    try (DirectoryStream<Path> files = Files.newDirectoryStream(layout.journal().resolve(folder))) {
      for (Path file : files) {
        String name = folder + file.getFileName();
        boolean wanted = name.startsWith(prefix) && JournalName.isValid(name);
        if (wanted && (after == null || name.compareTo(after.value()) > 0)) {
          names.add(name);
          if (names.size() > limit) {
            names.pollLast();
          }
        }
      }
      return names.stream().map(JournalName::new).toList();
    } catch (NoSuchFileException e) {
      return List.of();
    } catch (IOException e) {
      throw unavailable("cannot list the journal", e);
    }
  }

  @Override
  public void delete(JournalName name) {
    try {
      Files.deleteIfExists(layout.journal(name));
    } catch (IOException e) {
      throw unavailable("cannot delete " + layout.journal(name), e);
    }
  }
}
