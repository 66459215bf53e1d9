package dev.entrepot.management;

import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import org.jboss.resteasy.reactive.RestResponse;
import org.jboss.resteasy.reactive.RestResponse.ResponseBuilder;
import org.jboss.resteasy.reactive.RestResponse.Status;

/** Answers that several resources give. */
public final class Answers {
  private Answers() {}

  /** Something that can be changed, under the condition that it is still this. */
  public static <T extends Record> RestResponse<T> tagged(T shown) {
    return ResponseBuilder.ok(shown).header(HttpHeaders.ETAG, IfMatch.tag(shown)).build();
  }

  /**
   * Something new.
   *
   * @param path of what was asked; the new thing is below it
   * @param name what the new thing is called there
   */
  public static <T extends Record> RestResponse<T> created(T shown, UriInfo path, Object name) {
    return ResponseBuilder.create(Status.CREATED, shown)
        .header(HttpHeaders.ETAG, IfMatch.tag(shown))
        .header(HttpHeaders.LOCATION, path.getPath() + "/" + name)
        .build();
  }

  /** The same with a secret in it, which nobody on the way may keep. */
  public static <T extends Record> RestResponse<T> secret(T shown, UriInfo path, Object name) {
    var never = new CacheControl();
    never.setNoStore(true);
    return ResponseBuilder.create(Status.CREATED, shown)
        .cacheControl(never)
        .header(HttpHeaders.LOCATION, path.getPath() + "/" + name)
        .build();
  }
}
