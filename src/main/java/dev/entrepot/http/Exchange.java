package dev.entrepot.http;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Decision;
import dev.entrepot.auth.Subject;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.event.Actor;
import dev.entrepot.oci.RepositoryName;
import io.netty.channel.Channel;
import io.vertx.core.Context;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpHeaders;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.http.HttpVersion;
import io.vertx.core.net.impl.ConnectionBase;
import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * One request and its one answer. Endpoints get it on the event loop; after {@link #offload} they
 * are on a virtual thread and may block. Answering is possible from both, once.
 */
public final class Exchange {
  private final HttpServerRequest request;
  private final HttpServerResponse response;
  private final Context context;
  private final RegistryPath path;
  private @Nullable RepositoryName repository;
  private final ExchangeServices services;
  private final String requestId;
  private final long startNanos = System.nanoTime();
  private Subject subject = Subject.ANONYMOUS;
  private @Nullable Decision decision;
  private @Nullable RequestBody body;
  private volatile boolean continued;
  private volatile RequestMemory.@Nullable Lease held;
  private final List<CharSequence> also = new ArrayList<>(0);
  private boolean deniedNoted;
  private boolean answered;
  private boolean closing;

  Exchange(
      HttpServerRequest request, Context context, RegistryPath path, ExchangeServices services) {
    this.request = request;
    this.response = request.response();
    this.context = context;
    this.path = path;
    this.services = services;
    this.requestId = RequestIds.of(request);
  }

  /** Which of the API's paths was asked for. */
  public RegistryPath path() {
    return path;
  }

  /** The method. */
  public HttpMethod method() {
    return request.method();
  }

  /** An id that the answer, the access log and the server's log share. */
  public String requestId() {
    return requestId;
  }

  /** Who calls. */
  public Subject subject() {
    return subject;
  }

  /** Who calls, and from where. */
  public Actor actor() {
    return new Actor(subject, clientAddress(), requestId);
  }

  /** The client's address. */
  public String clientAddress() {
    return services.forwarding().clientAddress(request);
  }

  /** The URL of this server's root as the client knows it, without a slash at the end. */
  public String serverUrl() {
    return services.forwarding().url(request);
  }

  /** Whether the caller may do this, of what the endpoint's row of the table asks for. */
  public boolean may(Action action) {
    return decision != null && decision.allowed().contains(action);
  }

  /** Before the endpoint gets it: who was found to call, and what they may do. */
  void admit(Subject caller, Decision allowed) {
    subject = caller;
    decision = allowed;
  }

  /** What came. */
  HttpServerRequest request() {
    return request;
  }

  /**
   * The repository of the path.
   *
   * @throws RegistryException NAME_INVALID when it breaks the grammar
   */
  public RepositoryName repository() {
    RepositoryName parsed = repository;
    if (parsed == null) {
      parsed =
          RepositoryName.tryParse(path.name())
              .orElseThrow(
                  () ->
                      new RegistryException(
                          ErrorCode.NAME_INVALID,
                          ErrorCode.NAME_INVALID.message(),
                          java.util.Map.of("name", path.name())));
      repository = parsed; // the gate asks for it, and the endpoint again
    }
    return parsed;
  }

  /** A header's value; null when there is none. */
  public @Nullable String header(CharSequence name) {
    return request.getHeader(name);
  }

  /** A query parameter's first value; empty when there is none. */
  public Optional<String> query(String name) {
    return queryAll(name).stream().findFirst();
  }

  /** All values of a query parameter, in order. No value holds a NUL: no text of ours can. */
  public List<String> queryAll(String name) {
    return Query.all(request, name);
  }

  // ---- threads

  /** Goes on in a virtual thread, where blocking is allowed; what it throws is answered. */
  public void offload(Runnable work) {
    services
        .virtualThreads()
        .execute(
            () -> {
              try {
                work.run();
              } catch (RequestBody.CutOff e) {
                context.runOnContext(v -> lost());
              } catch (Throwable e) {
                fail(e);
              }
            });
  }

  /** Goes on on the event loop; what it throws is answered. */
  void resume(Runnable work) {
    context.runOnContext(
        v -> {
          try {
            work.run();
          } catch (RuntimeException e) {
            fail(e);
          }
        });
  }

  // ---- the body

  /** Refuses what {@link RequestHead} finds wrong, and the connection with it. */
  void requireSoundHead() {
    RegistryException fault = RequestHead.fault(request);
    if (fault != null) {
      closing = true;
      throw fault;
    }
  }

  /** To be called at dispatch, so that no byte of the body is lost while something is looked up. */
  void holdBody() {
    body = new RequestBody(request, context, services.budget(), services.settings());
    body.attach();
  }

  /** The length that the client declared; empty when it sends in chunks. */
  public Optional<Long> declaredLength() {
    return Optional.ofNullable(heldBody().declaredLength());
  }

  /**
   * The body, to be read in a virtual thread. Says {@code 100 Continue} if the client waits for it:
   * so check everything that can be checked without the body first.
   */
  public RequestBody openBody() {
    if (expectsContinue() && !continued) {
      continued = true;
      context.runOnContext(v -> response.writeContinue());
    }
    return heldBody();
  }

  /**
   * Reads and drops what is left of a body that is not needed for success, in a virtual thread:
   * many clients look for the answer only when they have written everything. One that waits for
   * {@code 100 Continue} gets the answer instead.
   */
  public void skipBody() {
    if (continued || !expectsContinue()) {
      heldBody().transferTo(buffers -> {});
    }
  }

  /**
   * Reads a small body whole, in a virtual thread.
   *
   * @param limit in bytes
   * @param tooLarge thrown when the body is larger, before reading where its length was declared
   */
  public byte[] readBody(long limit, RegistryException tooLarge) {
    if (declaredLength().orElse(0L) > limit) {
      throw tooLarge;
    }
    RequestBody open = openBody();
    RequestMemory.Lease lease = services.memory().lease(open::stop);
    held = lease;
    byte[] bytes = SmallBody.read(open, limit, tooLarge, lease);
    lease.pin();
    return bytes;
  }

  private void releaseMemory() {
    if (held != null) {
      held.close();
    }
  }

  private RequestBody heldBody() {
    if (body == null) {
      throw new IllegalStateException("a " + method() + " has no body here");
    }
    return body;
  }

  private boolean expectsContinue() {
    return "100-continue".equalsIgnoreCase(request.getHeader(HttpHeaders.EXPECT));
  }

  // ---- the answer

  /** Adds a header to whatever the answer is going to be. On the event loop, before it is sent. */
  public void alsoSend(CharSequence name, CharSequence value) {
    also.add(name);
    also.add(value);
  }

  /** Answers from memory. */
  public void send(Reply reply) {
    onContext(
        () -> {
          if (begin(reply.status(), reply.headers())) {
            Buffer content = request.method() == HttpMethod.HEAD ? null : reply.body();
            boolean small = content == null || content.length() <= PacedReply.SLICE;
            if (small && !response.writeQueueFull()) {
              end(content);
            } else {
              new PacedReply(this, response, content, services.memory()).write();
            }
          }
        });
  }

  /** Whether the client says that it has this content already ({@code If-None-Match}). */
  public boolean notModified(String etag) {
    String ifNoneMatch = request.getHeader(HttpHeaders.IF_NONE_MATCH);
    return ifNoneMatch != null && Conditions.matches(ifNoneMatch, etag);
  }

  /** Whether a {@code Range} is to be honoured: {@code If-Range} is absent or names the content. */
  public boolean rangeApplies(String etag) {
    String ifRange = request.getHeader(Headers.IF_RANGE);
    return ifRange == null || ifRange.strip().equals(etag);
  }

  /** Answers 304 when the client has the content already, else the reply. */
  public void sendUnlessMatched(Reply reply, String etag) {
    send(notModified(etag) ? reply.notModified() : reply);
  }

  /**
   * Answers with the bytes of a file, by {@code sendfile} where the connection permits it.
   *
   * @param head status and headers, with the length
   */
  public void sendFile(Reply head, String file, long offset, long length) {
    onContext(
        () -> {
          if (begin(head.status(), head.headers())) {
            response
                .sendFile(file, offset, length)
                .onComplete(
                    done -> {
                      if (done.failed()) {
                        cut(); // a short answer must not look like a whole one
                      }
                      finished();
                    });
          }
        });
  }

  /**
   * Answers with a body that is written piece by piece, in a virtual thread, which waits while the
   * client reads. Chunked when the head tells no length.
   *
   * @param writer must not keep the stream; when it throws, the connection is cut, so that the
   *     client sees that the body is not whole
   */
  public void sendStream(Reply head, ResponseStream.Writer writer) {
    ResponseStream stream;
    try {
      stream = new ResponseStream(this, response, context, services.memory());
    } catch (RegistryException noMemory) {
      writer.cancel();
      throw noMemory;
    }
    onContext(
        () -> {
          if (!begin(head.status(), head.headers())) {
            stream.cancel();
            services.virtualThreads().execute(writer::cancel);
          } else if (request.method() == HttpMethod.HEAD) {
            stream.cancel();
            services.virtualThreads().execute(writer::cancel);
            end(null);
          } else {
            if (!response.headers().contains(HttpHeaders.CONTENT_LENGTH)) {
              response.setChunked(true);
            }
            services.virtualThreads().execute(() -> stream.run(writer));
          }
        });
  }

  /** Sends the last, or only, part of the body. */
  void end(@Nullable Buffer content) {
    var sent = content == null ? response.end() : response.end(content);
    if (closing) {
      sent.onComplete(done -> request.connection().close());
    }
    finished();
  }

  /** Ends the connection, or the HTTP/2 stream, without waiting for what is still to be sent. */
  void cut() {
    if (request.version() == HttpVersion.HTTP_2) {
      context.runOnContext(v -> response.reset());
    } else {
      channel(request).close();
    }
  }

  /** The network's side of the connection. Vert.x closes its own only once all has been sent. */
  static Channel channel(HttpServerRequest request) {
    return ((ConnectionBase) request.connection()).channel();
  }

  /** For the audit log; once. Who has shown no credentials is asked for them, and not denied. */
  void noteDenied(@Nullable Action action) {
    if (!deniedNoted && !subject.equals(Subject.ANONYMOUS)) {
      deniedNoted = true;
      services.notes().note(Denials.event(actor(), path, request.method(), action));
    }
  }

  /** Answers with an error. */
  public void fail(Throwable error) {
    if (error instanceof RegistryException refusal && refusal.code() == ErrorCode.DENIED) {
      noteDenied(null);
    }
    send(ErrorReplies.of(error, requestId));
  }

  private void onContext(Runnable work) {
    if (Thread.currentThread().isVirtual()) {
      context.runOnContext(v -> work.run());
    } else {
      work.run();
    }
  }

  private boolean begin(int status, CharSequence[] headers) {
    if (answered) {
      return false;
    }
    answered = true;
    if (response.closed() || response.ended()) {
      lost();
      return false;
    }
    response.setStatusCode(status);
    var out = response.headers();
    out.add(Headers.API_VERSION, Headers.API_VERSION_VALUE);
    out.add(Headers.REQUEST_ID, requestId);
    out.add(Headers.CONTENT_TYPE_OPTIONS, Headers.NO_SNIFF);
    for (int i = 0; i < headers.length; i += 2) {
      out.add(headers[i], headers[i + 1]);
    }
    for (int i = 0; i < also.size(); i += 2) {
      out.add(also.get(i), also.get(i + 1));
    }
    if (body != null && !body.complete()) {
      refuseRestOfBody();
    }
    if (closing) {
      response.headers().set(HttpHeaders.CONNECTION, HttpHeaders.CLOSE);
    }
    return true;
  }

  /**
   * The answer goes out before the body is in. A client that waits for 100 Continue has not begun;
   * any other gets its answer only if somebody reads what it still sends, within bounds.
   */
  private void refuseRestOfBody() {
    RequestBody rest = heldBody();
    rest.abandon();
    boolean http1 = request.version() != HttpVersion.HTTP_2;
    if (expectsContinue() && !continued && http1) {
      closing = true;
      return;
    }
    new BodyDrain(request, services.settings()).start();
  }

  void finished() {
    releaseMemory();
    services
        .recorder()
        .record(request, path.route(), response.getStatusCode(), response.bytesWritten(), this);
  }

  void lost() {
    answered = true;
    releaseMemory();
    services.recorder().record(request, path.route(), RequestRecorder.GONE, 0, this);
  }

  long elapsedNanos() {
    return System.nanoTime() - startNanos;
  }
}
