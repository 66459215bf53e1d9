package dev.entrepot.storage.testkit.s3;

import java.util.Arrays;
import java.util.Optional;

/** A request as the proxy received it. */
public final class ProxiedRequest {
  private final HttpHead head;
  private final String method;
  private final String path;
  private final String query;

  ProxiedRequest(HttpHead head) {
    String[] words = head.startLine().split(" ", 3);
    int question = words[1].indexOf('?');
    this.head = head;
    this.method = words[0];
    this.path = question < 0 ? words[1] : words[1].substring(0, question);
    this.query = question < 0 ? "" : words[1].substring(question + 1);
  }

  public String method() {
    return method;
  }

  /** The path as it was sent, without the query. */
  public String path() {
    return path;
  }

  /** The object's key, as it was sent: what follows the bucket in the path; empty without one. */
  public String key() {
    int slash = path.indexOf('/', 1);
    return slash < 0 ? "" : path.substring(slash + 1);
  }

  public boolean hasParameter(String name) {
    return Arrays.stream(query.split("&", -1))
        .anyMatch(parameter -> parameter.equals(name) || parameter.startsWith(name + "="));
  }

  /** Whether a text is in path or query. */
  public boolean names(String text) {
    return path.contains(text) || query.contains(text);
  }

  /** The value of the first header of that name, in whatever case it was sent. */
  public Optional<String> header(String name) {
    return head.header(name);
  }

  public S3Operation operation() {
    return S3Operation.of(this);
  }

  HttpHead head() {
    return head;
  }

  @Override
  public String toString() {
    return method + " " + path + (query.isEmpty() ? "" : "?" + query);
  }
}
