package dev.entrepot.management;

import jakarta.ws.rs.core.CacheControl;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import jakarta.ws.rs.core.UriInfo;

/** Answers that several resources give. */
public final class Answers {
  private Answers() {}

  /** Something that can be changed, under the condition that it is still this. */
  public static Response tagged(Record shown) {
    return Response.ok(shown).header(HttpHeaders.ETAG, IfMatch.tag(shown)).build();
  }

  /**
   * Something new.
   *
   * @param path of what was asked; the new thing is below it
   */
  public static Response created(Record shown, UriInfo path, String name) {
    return Response.status(Response.Status.CREATED)
        .header(HttpHeaders.ETAG, IfMatch.tag(shown))
        .header(HttpHeaders.LOCATION, path.getPath() + "/" + name)
        .entity(shown)
        .build();
  }

  /** A secret, which nobody on the way may keep. */
  public static Response secret(Record issued) {
    var never = new CacheControl();
    never.setNoStore(true);
    return Response.status(Response.Status.CREATED).cacheControl(never).entity(issued).build();
  }
}
