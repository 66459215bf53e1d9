package dev.entrepot.faults;

/** What a client asks for while the store fails. */
enum Act {
  PATCH("PATCH of an upload"),
  CLOSE("closing PUT in parts"),
  PUT("PUT of a small blob"),
  AGAIN("PUT of a blob that is there"),
  HEAD("HEAD of a blob"),
  GET("GET of a blob, streamed"),
  REDIRECT("GET of a blob, redirected"),
  MOUNT("mount"),
  CANCEL("DELETE of an upload");

  private final String title;

  Act(String title) {
    this.title = title;
  }

  String title() {
    return title;
  }
}
