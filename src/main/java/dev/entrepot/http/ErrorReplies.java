package dev.entrepot.http;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import com.fasterxml.jackson.databind.node.ObjectNode;
import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import dev.entrepot.storage.StorageException;
import java.util.Map;
import org.jboss.logging.Logger;

/**
 * The one mapper of errors to answers: distribution-spec, "Error Codes". A fault's stack trace goes
 * to the log, never to the client; the request id joins the two.
 */
final class ErrorReplies {
  private static final Logger LOG = Logger.getLogger("dev.entrepot.error");
  private static final ObjectMapper JSON = new ObjectMapper();
  private static final Map<String, String> RETRY = Map.of("Retry-After", "2");

  private ErrorReplies() {}

  static Reply of(Throwable error, String requestId) {
    RegistryException mapped = map(error, requestId);
    Reply.Builder reply = Reply.status(mapped.code().status());
    mapped.headers().forEach(reply::header);
    int status = mapped.code().status();
    if ((status == 429 || status == 503) && !mapped.headers().containsKey("Retry-After")) {
      RETRY.forEach(reply::header);
    }
    return reply.body("application/json", envelope(mapped, requestId));
  }

  private static RegistryException map(Throwable error, String requestId) {
    return switch (error) {
      case RegistryException e -> {
        if (e.code().status() >= 500) {
          LOG.warnf("request failed: %s requestId=%s", e.getMessage(), requestId);
        }
        yield e;
      }
      case StorageException.DigestMismatch e ->
          new RegistryException(
              ErrorCode.DIGEST_INVALID,
              "the content does not have the digest that was given",
              Map.of("expected", e.expected().toString(), "actual", e.actual().toString()));
      case StorageException.Unavailable e -> {
        LOG.errorf(e, "store unavailable requestId=%s", requestId);
        yield new RegistryException(ErrorCode.UNAVAILABLE);
      }
      case StorageException.OutcomeUnknown e -> {
        LOG.errorf(e, "store outcome unknown requestId=%s", requestId);
        yield new RegistryException(ErrorCode.UNAVAILABLE);
      }
      default -> {
        LOG.errorf(error, "request failed requestId=%s", requestId);
        yield new RegistryException(ErrorCode.INTERNAL_ERROR);
      }
    };
  }

  private static byte[] envelope(RegistryException error, String requestId) {
    ObjectNode root = JSON.createObjectNode();
    var errors = root.putArray("errors");
    for (Object detail : error.details()) {
      ObjectNode item = errors.addObject();
      item.put("code", error.code().code());
      item.put("message", String.valueOf(error.getMessage()));
      item.set(
          "detail", JSON.valueToTree(detail == null ? Map.of("requestId", requestId) : detail));
    }
    try {
      return JSON.writeValueAsBytes(root);
    } catch (JsonProcessingException e) {
      throw new IllegalStateException("an error detail is not JSON", e);
    }
  }
}
