package dev.entrepot.journal;

import dev.entrepot.storage.JournalName;
import dev.entrepot.storage.StoreJournal;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.util.HexFormat;
import java.util.List;
import java.util.NavigableSet;
import java.util.TreeSet;
import java.util.function.BiConsumer;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** What a store's journal says of repositories. */
public final class Journal {
  /** The job that writes it. */
  public static final String JOB = "journal";

  private static final JournalName COMPLETE = new JournalName("00/complete");
  private static final int PAGE = 1000;
  private static final int FOLDERS = 256;

  private final StoreJournal store;

  public Journal(StoreJournal store) {
    this.store = store;
  }

  /** Whether all repositories that there were at some moment were written to it. */
  public boolean isComplete() {
    return store.read(COMPLETE).isPresent();
  }

  void setComplete() {
    store.put(COMPLETE, Instant.now().toString().getBytes(StandardCharsets.US_ASCII));
  }

  /** All objects of a repository, in order. */
  List<JournalName> list(String repository) {
    return store.list(StateName.prefix(repository), null, Integer.MAX_VALUE);
  }

  /**
   * Gives the newest state of each repository that is whole.
   *
   * @param skipped is told what is not, and why
   */
  public void forEachRepository(
      Consumer<RepositoryState> found, BiConsumer<String, String> skipped) {
    for (int folder = 0; folder < FOLDERS; folder++) {
      forEachRepository(HexFormat.of().toHexDigits((byte) folder) + "/", found, skipped);
    }
  }

  private void forEachRepository(
      String folder, Consumer<RepositoryState> found, BiConsumer<String, String> skipped) {
    NavigableSet<StateName> states = new TreeSet<>(); // of one repository
    @Nullable JournalName after = null;
    List<JournalName> page;
    do {
      page = store.list(folder, after, PAGE);
      for (JournalName name : page) {
        after = name;
        StateName state = StateName.of(name).orElse(null);
        if (state == null) {
          continue;
        }
        if (!states.isEmpty() && !states.first().repository().equals(state.repository())) {
          openNewest(states, found, skipped);
          states.clear();
        }
        states.add(state);
      }
    } while (page.size() == PAGE);
    openNewest(states, found, skipped);
  }

  private void openNewest(
      NavigableSet<StateName> states,
      Consumer<RepositoryState> found,
      BiConsumer<String, String> skipped) {
    for (StateName state : states.descendingSet()) {
      RepositoryState opened;
      try {
        opened = RepositoryState.open(store, state);
      } catch (IOException e) {
        skipped.accept("journal " + state.part(0), String.valueOf(e.getMessage()));
        continue;
      }
      found.accept(opened);
      return;
    }
  }
}
