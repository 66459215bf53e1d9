package dev.entrepot.bench;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.foreign.ValueLayout;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * Drops what the kernel keeps in memory of a blob just uploaded, so that the next upload finds free
 * pages that were in use a moment ago.
 *
 * <p>A virtual machine gives memory that lies free for seconds back to its host, and pays for every
 * page it then takes again: measured, 0.2 s per 100 MB, three times the write itself. On a machine
 * whose memory is full of cached files, as a server's is after a day, nothing of this happens. All
 * servers are treated alike.
 */
final class PageCache {
  private static final int O_RDONLY = 0;
  private static final int POSIX_FADV_DONTNEED = 4;

  private static final MethodHandle OPEN =
      handle(
          "open",
          FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.ADDRESS, ValueLayout.JAVA_INT),
          Linker.Option.firstVariadicArg(2));
  private static final MethodHandle ADVISE =
      handle(
          "posix_fadvise",
          FunctionDescriptor.of(
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_INT,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_LONG,
              ValueLayout.JAVA_INT));
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(ValueLayout.JAVA_INT, ValueLayout.JAVA_INT));

  private PageCache() {}

  private static MethodHandle handle(
      String name, FunctionDescriptor signature, Linker.Option... options) {
    Linker linker = Linker.nativeLinker();
    MemorySegment function = linker.defaultLookup().find(name).orElseThrow();
    return linker.downcallHandle(function, signature, options);
  }

  /** Drops the file's clean pages; does nothing when there is no such file. */
  static void drop(Path file) {
    try (Arena arena = Arena.ofConfined()) {
      int descriptor = (int) OPEN.invokeExact(arena.allocateFrom(file.toString()), O_RDONLY);
      if (descriptor >= 0) {
        int advised = (int) ADVISE.invokeExact(descriptor, 0L, 0L, POSIX_FADV_DONTNEED);
        int closed = (int) CLOSE.invokeExact(descriptor);
        if (advised != 0 || closed != 0) {
          throw new IllegalStateException("cannot drop the pages of " + file);
        }
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }
}
