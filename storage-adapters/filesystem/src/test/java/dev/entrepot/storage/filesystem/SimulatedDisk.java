package dev.entrepot.storage.filesystem;

import dev.entrepot.storage.filesystem.Strace.Call;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.TreeMap;

/**
 * What a disk may hold after a power loss, by the letter of POSIX: only what a completed sync has
 * covered is sure. Bytes written after the last sync of their file may be there, missing or zeros;
 * a name created, moved or removed after the last sync of its folder may be so or not, each of them
 * by chance and in any order. Only one thing is taken for granted that POSIX leaves open: a rename
 * is in both folders or in none, as on every journalling or copy-on-write file system.
 */
final class SimulatedDisk {
  /** A folder, or a file, of whose bytes those before {@code synced} are sure. */
  static final class Inode {
    final String firstPath;
    final boolean isFolder;
    long written;
    long synced;

    Inode(String firstPath, boolean isFolder) {
      this.firstPath = firstPath;
      this.isFolder = isFolder;
    }
  }

  /** A change of names: {@code inode} leaves {@code from} and appears at {@code to}, if not "". */
  private static final class Change {
    final String from;
    final String to;
    final Inode inode;
    boolean happened;
    boolean durable;

    Change(String from, String to, Inode inode) {
      this.from = from;
      this.to = to;
      this.inode = inode;
    }

    boolean isIn(String folder) {
      return folderOf(to.isEmpty() ? from : to).equals(folder);
    }
  }

  /** What a sync will have made durable when it ends. */
  private record Covered(Inode inode, long length, List<Change> changes) {}

  private final String root;
  private final Map<String, Inode> live = new HashMap<>();
  private final List<Change> changes = new ArrayList<>();
  private final Map<Call, Change> runningChanges = new HashMap<>();
  private final Map<Call, Covered> runningSyncs = new HashMap<>();

  SimulatedDisk(String root) {
    this.root = root;
  }

  /** Replays all calls that began before the cut; those that had not ended may have happened. */
  void replay(List<Call> calls, int cut) {
    TreeMap<Integer, Runnable> steps = new TreeMap<>();
    for (Call call : calls) {
      if (call.paths().isEmpty() || !call.path().startsWith(root)) {
        continue;
      }
      // Two positions per line: a call that is one line begins before it ends.
      steps.put(2 * call.start(), () -> begin(call));
      steps.put(2 * call.end() + 1, () -> end(call));
    }
    steps.headMap(2 * cut).values().forEach(Runnable::run);
  }

  private void begin(Call call) {
    if (call.isSync()) {
      runningSyncs.put(call, covered(call.path()));
    } else {
      Change change = change(call);
      if (change != null) {
        changes.add(change);
        runningChanges.put(call, change);
      }
    }
  }

  private Change change(Call call) {
    String path = call.path();
    if (call.isRename()) {
      return new Change(path, call.paths().getLast(), live.get(path));
    }
    if (call.is("unlink", "unlinkat", "rmdir")) {
      return new Change(path, "", live.get(path));
    }
    boolean makesFolder = call.is("mkdir", "mkdirat");
    boolean makesFile = call.text().contains("O_CREAT") && !live.containsKey(path);
    return makesFolder || makesFile ? new Change("", path, new Inode(path, makesFolder)) : null;
  }

  private Covered covered(String path) {
    Inode inode = live.get(path);
    List<Change> inFolder =
        changes.stream().filter(change -> change.happened && change.isIn(path)).toList();
    return new Covered(inode, inode == null ? 0 : inode.written, inFolder);
  }

  private void end(Call call) {
    if (call.isSync()) {
      Covered covered = runningSyncs.remove(call);
      covered.changes().forEach(change -> change.durable = true);
      if (covered.inode() != null) {
        covered.inode().synced = Math.max(covered.inode().synced, covered.length());
      }
    } else if (runningChanges.containsKey(call)) {
      Change change = runningChanges.remove(call);
      change.happened = true;
      live.remove(change.from);
      live.put(change.to, change.inode);
    } else if (call.is("write", "writev", "pwrite64")) {
      live.get(call.path()).written += call.result();
    } else if (call.is("ftruncate")) {
      truncate(live.get(call.path()), Long.parseLong(call.text().replaceAll(".*, ", "")));
    } else if (call.text().contains("O_TRUNC")) {
      truncate(live.get(call.path()), 0);
    } else if (!call.is("open", "openat")) {
      throw new IllegalStateException("not simulated: " + call);
    }
  }

  private static void truncate(Inode inode, long length) {
    inode.written = length;
    inode.synced = Math.min(inode.synced, length);
  }

  /** Files and folders that one such disk has, by path, parents first. */
  Map<String, Inode> survivors(Random chance) {
    Map<String, Inode> survivors = new TreeMap<>();
    for (Change change : changes) {
      if (change.durable || chance.nextBoolean()) {
        survivors.remove(change.from);
        if (!change.to.isEmpty()) {
          survivors.put(change.to, change.inode);
        }
      }
    }
    survivors.keySet().removeIf(path -> !isReachable(path, survivors));
    return survivors;
  }

  private boolean isReachable(String path, Map<String, Inode> survivors) {
    String folder = folderOf(path);
    return folder.equals(root) || survivors.containsKey(folder) && isReachable(folder, survivors);
  }

  static String folderOf(String path) {
    return path.substring(0, Math.max(0, path.lastIndexOf('/')));
  }
}
