package dev.entrepot.http;

import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * Answers with a list of names in byte order: the page that the client asked for, with a link to
 * the next, or without {@code n} all of them. The whole list is read page by page, so that it is
 * never in memory at once and a slow client holds nothing of the database.
 *
 * <p>Names are of grammars that JSON and URLs take as they are.
 */
public final class NameList {
  /** Reads a page of names. */
  @FunctionalInterface
  public interface Source {
    /**
     * Reads a page.
     *
     * @param after only what sorts after this; null from the start
     * @param limit at most so many
     */
    List<?> list(@Nullable String after, int limit);
  }

  /** Names of a whole list that are in memory at once, while a client may not read. */
  private static final int STREAMED_PAGE = 1000;

  private final String opening;
  private final int maxPageSize;
  private final Source source;

  /**
   * Makes a list.
   *
   * @param opening the JSON before the names, up to and with the opening bracket
   * @param maxPageSize most names on a page
   */
  public NameList(String opening, int maxPageSize, Source source) {
    this.opening = opening;
    this.maxPageSize = maxPageSize;
    this.source = source;
  }

  /** Answers, in a virtual thread. */
  public void answer(Exchange exchange, PageRequest request, String path) {
    if (request.limit().isPresent()) {
      page(exchange, request, path);
    } else {
      whole(exchange, request.last());
    }
  }

  private void page(Exchange exchange, PageRequest request, String path) {
    int limit = Math.min(request.limit().getAsInt(), maxPageSize);
    List<?> found = source.list(request.last(), limit + 1);
    List<?> names = found.subList(0, Math.min(limit, found.size()));
    Reply.Builder reply = Reply.status(200);
    if (found.size() > limit && limit > 0) {
      String next = path + "?n=" + limit + "&last=" + names.getLast();
      reply.header(Headers.LINK, "<" + next + ">; rel=\"next\"");
    }
    exchange.send(reply.body("application/json", bytes(opening + join(names) + "]}\n")));
  }

  private void whole(Exchange exchange, @Nullable String last) {
    List<?> first = source.list(last, STREAMED_PAGE);
    if (first.size() < STREAMED_PAGE) {
      exchange.send(
          Reply.status(200).body("application/json", bytes(opening + join(first) + "]}\n")));
      return;
    }
    Reply.Builder head = Reply.status(200).header(HttpHeaders.CONTENT_TYPE, "application/json");
    if (exchange.method() == HttpMethod.HEAD) {
      head.header(HttpHeaders.CONTENT_LENGTH, Long.toString(length(first)));
    }
    exchange.sendStream(head.withoutBody(), out -> write(first, out));
  }

  private void write(List<?> first, OutputStream out) throws IOException {
    out.write(bytes(opening));
    List<?> names = first;
    String separator = "";
    while (!names.isEmpty()) {
      out.write(bytes(separator + join(names)));
      separator = ",";
      names =
          names.size() < STREAMED_PAGE
              ? List.of()
              : source.list(names.getLast().toString(), STREAMED_PAGE);
    }
    out.write(bytes("]}\n"));
  }

  private long length(List<?> first) {
    var counter =
        new OutputStream() {
          private long count;

          @Override
          public void write(int b) {
            count++;
          }

          @Override
          public void write(byte[] bytes, int offset, int length) {
            count += length;
          }
        };
    try {
      write(first, counter);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return counter.count;
  }

  private static String join(List<?> names) {
    StringBuilder text = new StringBuilder();
    for (Object name : names) {
      text.append(text.isEmpty() ? "\"" : ",\"").append(name).append('"');
    }
    return text.toString();
  }

  private static byte[] bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }
}
