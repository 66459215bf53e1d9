package dev.entrepot.management;

import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.ObjectMapper;
import dev.entrepot.storage.DigestAlgorithm;
import jakarta.annotation.Priority;
import jakarta.interceptor.AroundInvoke;
import jakarta.interceptor.Interceptor;
import jakarta.interceptor.InvocationContext;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.UriInfo;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jboss.resteasy.reactive.RestResponse;

/** Hands requests with an idempotency key to {@link IdempotentRequests}. */
@Idempotent
@Interceptor
@Priority(IdempotencyInterceptor.AFTER_VALIDATION)
class IdempotencyInterceptor {
  static final String KEY = "Idempotency-Key";
  static final int AFTER_VALIDATION = Interceptor.Priority.PLATFORM_AFTER + 900;

  private final IdempotentRequests requests;
  private final Caller caller;
  private final ObjectMapper json;
  private final HttpHeaders headers;
  private final UriInfo uri;

  IdempotencyInterceptor(
      IdempotentRequests requests,
      Caller caller,
      ObjectMapper json,
      HttpHeaders headers,
      UriInfo uri) {
    this.requests = requests;
    this.caller = caller;
    this.json = json;
    this.headers = headers;
    this.uri = uri;
  }

  @AroundInvoke
  Object answer(InvocationContext invocation) throws Exception {
    String key = headers.getHeaderString(KEY);
    if (key == null) {
      return invocation.proceed();
    }
    if (!key.matches("[!-~]{1,255}")) {
      throw Problem.INVALID.with(KEY + " must be 1 to 255 visible ASCII characters");
    }
    return requests.once(
        caller.subject().account(),
        key,
        fingerprint(invocation.getParameters()),
        () -> (RestResponse<?>) invocation.proceed());
  }

  /** Of what was asked. What is never written, a password, is left out: see decision 35. */
  private byte[] fingerprint(Object[] arguments) throws JsonProcessingException {
    Object body = Arrays.stream(arguments).filter(Record.class::isInstance).findFirst().orElse("");
    String asked = uri.getPath() + "\n" + json.writeValueAsString(body);
    return DigestAlgorithm.SHA256.newMessageDigest().digest(asked.getBytes(StandardCharsets.UTF_8));
  }
}
