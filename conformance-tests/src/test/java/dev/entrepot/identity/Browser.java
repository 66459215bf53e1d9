package dev.entrepot.identity;

import java.io.IOException;
import java.net.CookieManager;
import java.net.CookieStore;
import java.net.HttpCookie;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/** As much of a browser as Keycloak's pages need: cookies, redirects, forms. */
final class Browser implements AutoCloseable {
  private static final Pattern FORM =
      Pattern.compile("<form[^>]*\\saction=\"([^\"]+)\"", Pattern.DOTALL);
  private static final Pattern HIDDEN =
      Pattern.compile("<input[^>]*type=\"hidden\"[^>]*name=\"([^\"]+)\"[^>]*value=\"([^\"]*)\"");

  private final HttpClient client =
      HttpClient.newBuilder()
          .cookieHandler(new CookieManager(new LoopbackCookies(), null))
          .followRedirects(HttpClient.Redirect.ALWAYS)
          .build();

  /** Opens a page that leads to Keycloak's login, and fills that in; returns where it ends. */
  HttpResponse<String> logIn(String url, String user) throws IOException, InterruptedException {
    HttpResponse<String> login = get(url);
    return submit(login, "username=" + user + "&password=" + user + Keycloak.PASSWORD_SUFFIX);
  }

  /** Lets in the program that shows this address. */
  void allowDevice(String url, String user) throws IOException, InterruptedException {
    HttpResponse<String> consent = logIn(url, user);
    HttpResponse<String> end = submit(consent, "accept=Yes");
    if (end.statusCode() != 200) {
      throw new AssertionError("device not let in: " + end.statusCode() + " " + end.body());
    }
  }

  HttpResponse<String> get(String url) throws IOException, InterruptedException {
    return client.send(HttpRequest.newBuilder(URI.create(url)).build(), BodyHandlers.ofString());
  }

  private HttpResponse<String> submit(HttpResponse<String> page, String fields)
      throws IOException, InterruptedException {
    Matcher form = FORM.matcher(page.body());
    if (!form.find()) {
      throw new AssertionError("no form: " + page.uri() + " " + page.statusCode() + page.body());
    }
    StringBuilder body = new StringBuilder(fields);
    Matcher hidden = HIDDEN.matcher(page.body());
    while (hidden.find()) {
      body.append('&').append(hidden.group(1)).append('=').append(encode(hidden.group(2)));
    }
    URI action = page.uri().resolve(form.group(1).replace("&amp;", "&"));
    return client.send(
        HttpRequest.newBuilder(action)
            .header("Content-Type", "application/x-www-form-urlencoded")
            .POST(BodyPublishers.ofString(body.toString()))
            .build(),
        BodyHandlers.ofString());
  }

  private static String encode(String text) {
    return URLEncoder.encode(text, StandardCharsets.UTF_8);
  }

  /** To browsers, loopback is as good as encrypted: cookies for HTTPS only go there too. */
  private static final class LoopbackCookies implements CookieStore {
    private final CookieStore store = new CookieManager().getCookieStore();

    @Override
    public void add(URI uri, HttpCookie cookie) {
      cookie.setSecure(false);
      store.add(uri, cookie);
    }

    @Override
    public List<HttpCookie> get(URI uri) {
      return store.get(uri);
    }

    @Override
    public List<HttpCookie> getCookies() {
      return store.getCookies();
    }

    @Override
    public List<URI> getURIs() {
      return store.getURIs();
    }

    @Override
    public boolean remove(URI uri, HttpCookie cookie) {
      return store.remove(uri, cookie);
    }

    @Override
    public boolean removeAll() {
      return store.removeAll();
    }
  }

  @Override
  public void close() {
    client.close();
  }
}
