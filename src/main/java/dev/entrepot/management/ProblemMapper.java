package dev.entrepot.management;

import com.fasterxml.jackson.annotation.JsonInclude;
import com.fasterxml.jackson.core.JsonProcessingException;
import com.fasterxml.jackson.databind.exc.MismatchedInputException;
import com.fasterxml.jackson.databind.exc.UnrecognizedPropertyException;
import dev.entrepot.database.Database;
import dev.entrepot.error.RegistryException;
import jakarta.persistence.LockTimeoutException;
import jakarta.validation.ConstraintViolation;
import jakarta.validation.ConstraintViolationException;
import jakarta.validation.Path;
import jakarta.ws.rs.WebApplicationException;
import jakarta.ws.rs.core.HttpHeaders;
import jakarta.ws.rs.core.Response;
import java.sql.SQLException;
import java.util.Arrays;
import java.util.List;
import org.hibernate.exception.JDBCConnectionException;
import org.jboss.logging.Logger;
import org.jboss.resteasy.reactive.server.ServerExceptionMapper;
import org.jspecify.annotations.Nullable;

/** The one mapper of the management API's errors: RFC 9457. Faults go to the log, not out. */
class ProblemMapper {
  private static final Logger LOG = Logger.getLogger("dev.entrepot.error");
  static final String TYPE = "application/problem+json";
  private static final String UNTRANSLATABLE = "22021";
  private static final String UNIQUE_VIOLATION = "23505";

  /**
   * The answer's body.
   *
   * @param code what programs decide by
   * @param errors each property that is wrong; absent when it is about something else
   */
  record Body(
      String title,
      int status,
      String code,
      @Nullable String detail,
      @JsonInclude(JsonInclude.Include.NON_EMPTY) List<Wrong> errors) {}

  /** A property that is wrong, and why. */
  record Wrong(String property, String detail) {}

  /** Those named beside all others are where the framework has mappers of its own. */
  @ServerExceptionMapper({
    MismatchedInputException.class,
    ConstraintViolationException.class,
    WebApplicationException.class,
    Throwable.class
  })
  Response answer(Throwable error) {
    for (Throwable at = error; at != null; at = at.getCause()) {
      Response known = known(at);
      if (known != null) {
        return known;
      }
    }
    if (error instanceof WebApplicationException e && e.getResponse().getStatus() < 500) {
      return web(e); // a parameter that is no number, say
    }
    LOG.error("management request failed", error);
    return answer(Problem.INTERNAL_ERROR, null);
  }

  private static @Nullable Response known(Throwable error) {
    return switch (error) {
      case ProblemException e -> answer(e.problem(), e.getMessage());
      case RegistryException e -> registry(e);
      case ConstraintViolationException e ->
          response(
              Problem.INVALID,
              "Some properties are wrong",
              e.getConstraintViolations().stream().map(ProblemMapper::wrong).toList());
      case UnrecognizedPropertyException e ->
          answer(Problem.INVALID, "There is no property " + e.getPropertyName());
      case JsonProcessingException e -> answer(Problem.INVALID, e.getOriginalMessage());
      case WebApplicationException e when e.getCause() == null -> web(e);
      case LockTimeoutException e -> answer(Problem.UNAVAILABLE, null);
      case JDBCConnectionException e -> answer(Problem.UNAVAILABLE, null);
      case SQLException e when Database.mayWorkLater(e) -> answer(Problem.UNAVAILABLE, null);
      case SQLException e when UNIQUE_VIOLATION.equals(e.getSQLState()) ->
          answer(Problem.CONFLICT, "There is one of that name already");
      case SQLException e when UNTRANSLATABLE.equals(e.getSQLState()) ->
          answer(Problem.INVALID, "Text must not hold the character U+0000");
      default -> null;
    };
  }

  private static Response registry(RegistryException error) {
    Problem problem = of(error.code().status());
    Response.ResponseBuilder answer = Response.fromResponse(answer(problem, error.getMessage()));
    error.headers().forEach(answer::header);
    return answer.build();
  }

  private static Response web(WebApplicationException error) {
    Response.ResponseBuilder answer =
        Response.fromResponse(answer(of(error.getResponse().getStatus()), null));
    String allow = error.getResponse().getHeaderString(HttpHeaders.ALLOW);
    return allow == null ? answer.build() : answer.header(HttpHeaders.ALLOW, allow).build();
  }

  private static Problem of(int status) {
    return Arrays.stream(Problem.values())
        .filter(problem -> problem.status() == status)
        .findFirst()
        .orElse(status < 500 ? Problem.INVALID : Problem.INTERNAL_ERROR);
  }

  private static Wrong wrong(ConstraintViolation<?> violation) {
    String property = "";
    for (Path.Node node : violation.getPropertyPath()) {
      property = node.toString();
    }
    return new Wrong(property, violation.getMessage());
  }

  private static Response answer(Problem problem, @Nullable String detail) {
    return response(problem, detail, List.of());
  }

  private static Response response(Problem problem, @Nullable String detail, List<Wrong> errors) {
    Response.ResponseBuilder answer =
        Response.status(problem.status())
            .type(TYPE)
            .entity(new Body(problem.title(), problem.status(), problem.name(), detail, errors));
    if (problem == Problem.UNAUTHORIZED) {
      answer.header(HttpHeaders.WWW_AUTHENTICATE, "Basic realm=\"entrepot\", charset=\"UTF-8\"");
    }
    return answer.build();
  }
}
