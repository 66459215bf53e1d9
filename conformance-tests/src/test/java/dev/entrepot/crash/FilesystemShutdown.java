package dev.entrepot.crash;

import static java.lang.foreign.ValueLayout.ADDRESS;
import static java.lang.foreign.ValueLayout.JAVA_INT;
import static java.lang.foreign.ValueLayout.JAVA_LONG;

import java.lang.foreign.Arena;
import java.lang.foreign.FunctionDescriptor;
import java.lang.foreign.Linker;
import java.lang.foreign.MemorySegment;
import java.lang.invoke.MethodHandle;
import java.nio.file.Path;

/**
 * The request by which ext4 and XFS stop at once, as file system developers test theirs with: from
 * then on nothing reaches the device, neither data nor journal, and all calls fail.
 */
final class FilesystemShutdown {
  // EXT4_IOC_SHUTDOWN, _IOR('X', 125, __u32); with it EXT4_GOING_FLAGS_NOLOGFLUSH.
  private static final long SHUTDOWN = 0x8004587dL;
  private static final int WITHOUT_FLUSHING_THE_JOURNAL = 2;
  private static final int READ_ONLY = 0;

  private static final Linker LINKER = Linker.nativeLinker();
  private static final MethodHandle OPEN =
      handle("open", FunctionDescriptor.of(JAVA_INT, ADDRESS, JAVA_INT), 2);
  private static final MethodHandle IOCTL =
      handle("ioctl", FunctionDescriptor.of(JAVA_INT, JAVA_INT, JAVA_LONG, ADDRESS), 2);
  private static final MethodHandle CLOSE =
      handle("close", FunctionDescriptor.of(JAVA_INT, JAVA_INT), 1);

  private FilesystemShutdown() {}

  /** Shuts down the file system that is mounted there. */
  static void of(Path mountPoint) {
    try (Arena arena = Arena.ofConfined()) {
      int file = (int) OPEN.invokeExact(arena.allocateFrom(mountPoint.toString()), READ_ONLY);
      MemorySegment flags = arena.allocateFrom(JAVA_INT, WITHOUT_FLUSHING_THE_JOURNAL);
      int result = (int) IOCTL.invokeExact(file, SHUTDOWN, flags);
      int closed = (int) CLOSE.invokeExact(file);
      if (result != 0 || closed != 0) {
        throw new IllegalStateException("cannot shut down the file system at " + mountPoint);
      }
    } catch (RuntimeException | Error e) {
      throw e;
    } catch (Throwable e) {
      throw new IllegalStateException(e);
    }
  }

  private static MethodHandle handle(String name, FunctionDescriptor descriptor, int variadic) {
    MemorySegment symbol = LINKER.defaultLookup().find(name).orElseThrow();
    return variadic < descriptor.argumentLayouts().size()
        ? LINKER.downcallHandle(symbol, descriptor, Linker.Option.firstVariadicArg(variadic))
        : LINKER.downcallHandle(symbol, descriptor);
  }
}
