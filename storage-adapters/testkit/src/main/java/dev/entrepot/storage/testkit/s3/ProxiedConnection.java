package dev.entrepot.storage.testkit.s3;

import java.io.BufferedInputStream;
import java.io.EOFException;
import java.io.FilterOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.nio.charset.StandardCharsets;
import java.time.Duration;
import java.util.Optional;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * One client's connection. Each request gets a connection of its own to the server: one that was
 * kept might have been closed there, which would be a fault that nobody asked for.
 */
final class ProxiedConnection implements Runnable {
  private final FaultProxy proxy;
  private final Socket client;

  ProxiedConnection(FaultProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  @Override
  public void run() {
    try {
      InputStream in = new BufferedInputStream(client.getInputStream());
      OutputStream out = new Counted(client.getOutputStream(), proxy.toClient());
      Optional<HttpHead> head = HttpHead.read(in);
      while (head.isPresent() && served(new ProxiedRequest(head.get()), in, out)) {
        head = HttpHead.read(in);
      }
    } catch (IOException e) {
      reset(client);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt(); // the proxy is being closed
    } finally {
      proxy.forget(client);
    }
  }

  /** Returns whether the connection can take another request. */
  private boolean served(ProxiedRequest request, InputStream in, OutputStream out)
      throws IOException, InterruptedException {
    if (request.header("Expect").isPresent()) {
      write(out, "HTTP/1.1 100 Continue\r\n\r\n");
    }
    HttpBody body = HttpBody.ofRequest(request.head(), in);
    @Nullable Fault fault = proxy.faultFor(request).orElse(null);
    switch (fault) {
      case Fault.Answer answer -> {
        body.copyTo(OutputStream.nullOutputStream());
        answer(answer, request, out);
        return true;
      }
      case Fault.ResetBefore reset -> {
        reset(client);
        return false;
      }
      case Fault.Delay delay -> sleep(delay.time());
      case Fault.Late late -> {
        reset(client);
        sleep(late.time());
      }
      case null, default -> {}
    }
    Socket server = proxy.connect();
    try {
      return forwarded(request, body, fault, server, out);
    } finally {
      proxy.forget(server);
    }
  }

  private boolean forwarded(
      ProxiedRequest request, HttpBody body, @Nullable Fault fault, Socket server, OutputStream out)
      throws IOException, InterruptedException {
    boolean whole = true;
    OutputStream toServer = new Counted(server.getOutputStream(), proxy.toServer());
    try {
      toServer.write(request.head().bytes());
      if (fault instanceof Fault.ResetInRequest) {
        body.copyHalfTo(toServer);
        reset(server);
        reset(client);
        return false;
      }
      body.copyTo(toServer);
    } catch (IOException refused) {
      whole = false; // by a server that has answered without reading all of it
    }
    InputStream fromServer = new BufferedInputStream(server.getInputStream());
    HttpHead head = answerHead(fromServer);
    HttpBody answer = HttpBody.ofAnswer(head, request.method(), fromServer);
    switch (fault) {
      case Fault.DropAnswer drop -> {
        answer.copyTo(OutputStream.nullOutputStream());
        reset(client);
        return false;
      }
      case Fault.Late late -> {
        answer.copyTo(OutputStream.nullOutputStream());
        return false;
      }
      case Fault.ResetInAnswer half -> {
        out.write(head.bytes());
        answer.copyHalfTo(out);
        reset(client);
        return false;
      }
      case Fault.DelayAnswer delay -> sleep(delay.time());
      case null, default -> {}
    }
    out.write(head.bytes());
    answer.copyTo(out);
    return whole && !answer.endsWithConnection() && !head.closesConnection();
  }

  private static HttpHead answerHead(InputStream fromServer) throws IOException {
    while (true) {
      HttpHead head =
          HttpHead.read(fromServer).orElseThrow(() -> new EOFException("the server hung up"));
      if (head.status() >= 200) {
        return head;
      }
    }
  }

  private static void answer(Fault.Answer answer, ProxiedRequest request, OutputStream out)
      throws IOException {
    String body =
        "<?xml version=\"1.0\" encoding=\"UTF-8\"?><Error><Code>"
            + answer.code()
            + "</Code><Message>injected</Message><Resource>"
            + request.path()
            + "</Resource></Error>";
    write(
        out,
        "HTTP/1.1 "
            + answer.status()
            + " Fault\r\nContent-Type: application/xml\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + (request.method().equals("HEAD") ? "" : body));
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.ISO_8859_1));
    out.flush();
  }

  private static void sleep(Duration time) throws InterruptedException {
    Thread.sleep(time);
  }

  /** What was sent last may be lost with it, as when a machine goes away. */
  private static void reset(Socket socket) {
    try {
      socket.setSoLinger(true, 0);
      socket.close();
    } catch (IOException e) {
      // it was closed already
    }
  }

  /** Counts what it passes on; nothing is kept back. */
  private static final class Counted extends FilterOutputStream {
    private final AtomicLong count;

    Counted(OutputStream out, AtomicLong count) {
      super(out);
      this.count = count;
    }

    @Override
    public void write(int value) throws IOException {
      out.write(value);
      count.incrementAndGet();
    }

    @Override
    public void write(byte[] bytes, int offset, int length) throws IOException {
      out.write(bytes, offset, length);
      count.addAndGet(length);
    }
  }
}
