package dev.entrepot.backup;

import dev.entrepot.storage.DigestAlgorithm;
import java.io.FilterInputStream;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.nio.channels.Channels;
import java.nio.channels.FileChannel;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.StandardOpenOption;
import java.security.DigestInputStream;
import java.security.DigestOutputStream;
import java.security.MessageDigest;
import java.util.HexFormat;
import java.util.zip.Deflater;
import java.util.zip.GZIPInputStream;
import java.util.zip.GZIPOutputStream;

/** A compressed file with the SHA-256 of its bytes on the disk. */
final class CheckedFile {
  private static final int BUFFER = 1 << 16;

  private CheckedFile() {}

  /** A file to be written; it is durable, and its checksum known, when it is closed. */
  static final class Writer extends FilterOutputStream {
    private final MessageDigest digest;
    private boolean closed;

    private Writer(OutputStream out, MessageDigest digest) {
      super(out);
      this.digest = digest;
    }

    static Writer create(Path file) throws IOException {
      MessageDigest digest = DigestAlgorithm.SHA256.newMessageDigest();
      FileChannel channel =
          FileChannel.open(
              file,
              StandardOpenOption.CREATE,
              StandardOpenOption.TRUNCATE_EXISTING,
              StandardOpenOption.WRITE);
      OutputStream synced =
          new FilterOutputStream(Channels.newOutputStream(channel)) {
            @Override
            public void write(byte[] bytes, int from, int length) throws IOException {
              out.write(bytes, from, length);
            }

            @Override
            public void close() throws IOException {
              channel.force(true);
              super.close();
            }
          };
      return new Writer(
          new GZIPOutputStream(new DigestOutputStream(synced, digest), BUFFER) {
            {
              def.setLevel(Deflater.BEST_SPEED); // twice as quick, and a tenth larger
            }
          },
          digest);
    }

    @Override
    public void write(byte[] bytes, int from, int length) throws IOException {
      out.write(bytes, from, length);
    }

    @Override
    public void close() throws IOException {
      if (!closed) {
        closed = true;
        super.close();
      }
    }

    /** Once it is closed. */
    String checksum() {
      return HexFormat.of().formatHex(digest.digest());
    }
  }

  /** What was written. The whole of it has to be read for {@link Reader#checksum}. */
  static final class Reader extends FilterInputStream {
    private final DigestInputStream raw;

    private Reader(InputStream in, DigestInputStream raw) {
      super(in);
      this.raw = raw;
    }

    static Reader open(Path file) throws IOException {
      var raw =
          new DigestInputStream(
              Files.newInputStream(file), DigestAlgorithm.SHA256.newMessageDigest());
      try {
        return new Reader(new GZIPInputStream(raw, BUFFER), raw);
      } catch (IOException e) {
        raw.close();
        throw e;
      }
    }

    /** Of all bytes of the file, of which it reads the rest. */
    String checksum() throws IOException {
      raw.transferTo(OutputStream.nullOutputStream());
      return HexFormat.of().formatHex(raw.getMessageDigest().digest());
    }
  }
}
