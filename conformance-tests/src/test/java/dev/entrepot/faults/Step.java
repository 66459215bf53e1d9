package dev.entrepot.faults;

import dev.entrepot.storage.testkit.s3.ProxiedRequest;
import dev.entrepot.storage.testkit.s3.S3Operation;
import java.util.function.Predicate;

/** A request to the store that the server makes, and what a client had asked for. */
enum Step {
  UPLOAD_IS_CREATED(Act.PATCH, "create", S3Operation.CREATE_MULTIPART),
  UPLOAD_IS_REMEMBERED(Act.PATCH, "marker", side("/multipart.")),
  PART_IS_STORED(Act.PATCH, "part", S3Operation.UPLOAD_PART),
  TAIL_IS_STORED(Act.PATCH, "tail", side("/tail.")),
  TAIL_IS_READ(Act.CLOSE, "read tail", S3Operation.GET_OBJECT),
  LAST_PART_IS_STORED(Act.CLOSE, "part", S3Operation.UPLOAD_PART),
  UPLOAD_IS_COMPLETED(Act.CLOSE, "complete", S3Operation.COMPLETE_MULTIPART),
  COMPLETION_IS_CHECKED(Act.CLOSE, "stat", S3Operation.HEAD_OBJECT),
  DIGEST_IS_NOTED(
      Act.CLOSE, "note", S3Operation.PUT_OBJECT.and(at -> at.key().startsWith("notes/"))),
  LEFTOVERS_ARE_DELETED(Act.CLOSE, "delete", S3Operation.DELETE_OBJECT),
  BLOB_IS_STORED(Act.PUT, "put", S3Operation.PUT_OBJECT),
  COPY_IS_DELETED(Act.AGAIN, "delete", S3Operation.DELETE_OBJECT),
  BLOB_IS_LOOKED_FOR(Act.HEAD, "stat", S3Operation.HEAD_OBJECT),
  BLOB_TO_SEND_IS_LOOKED_FOR(Act.GET, "stat", S3Operation.HEAD_OBJECT),
  BLOB_IS_READ(Act.GET, "get", S3Operation.GET_OBJECT),
  BLOB_TO_POINT_AT_IS_LOOKED_FOR(Act.REDIRECT, "stat", S3Operation.HEAD_OBJECT),
  BLOB_TO_MOUNT_IS_LOOKED_FOR(Act.MOUNT, "stat", S3Operation.HEAD_OBJECT),
  UPLOAD_IS_LISTED(Act.CANCEL, "list", S3Operation.LIST_OBJECTS),
  PARTS_ARE_DROPPED(Act.CANCEL, "abort", S3Operation.ABORT_MULTIPART),
  SIDES_ARE_DROPPED(Act.CANCEL, "delete", S3Operation.DELETE_OBJECT);

  private final Act act;
  private final String request;
  private final Predicate<ProxiedRequest> which;

  Step(Act act, String request, Predicate<ProxiedRequest> which) {
    this.act = act;
    this.request = request;
    this.which = which;
  }

  private static Predicate<ProxiedRequest> side(String part) {
    return S3Operation.PUT_OBJECT.and(at -> at.key().contains(part));
  }

  Act act() {
    return act;
  }

  String title() {
    return act.title() + ": " + request;
  }

  Predicate<ProxiedRequest> which() {
    return which;
  }
}
