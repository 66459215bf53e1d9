package dev.entrepot.management;

import dev.entrepot.auth.Action;
import dev.entrepot.auth.Role;
import dev.entrepot.auth.Visibility;
import io.quarkus.smallrye.openapi.OpenApiFilter;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Function;
import org.eclipse.microprofile.openapi.OASFactory;
import org.eclipse.microprofile.openapi.OASFilter;
import org.eclipse.microprofile.openapi.models.Components;
import org.eclipse.microprofile.openapi.models.OpenAPI;
import org.eclipse.microprofile.openapi.models.Operation;
import org.eclipse.microprofile.openapi.models.PathItem;
import org.eclipse.microprofile.openapi.models.headers.Header;
import org.eclipse.microprofile.openapi.models.media.Schema;
import org.eclipse.microprofile.openapi.models.media.Schema.SchemaType;
import org.eclipse.microprofile.openapi.models.parameters.Parameter;
import org.eclipse.microprofile.openapi.models.responses.APIResponse;
import org.eclipse.microprofile.openapi.models.responses.APIResponses;
import org.eclipse.microprofile.openapi.models.security.SecurityScheme;
import org.jspecify.annotations.Nullable;

/** Adds to the generated OpenAPI document what holds for all operations alike. */
@OpenApiFilter(stages = OpenApiFilter.RunStage.BUILD)
public class ApiDocument implements OASFilter {
  private static final String PROBLEM = "Problem";
  private static final String IF_MATCH = "IfMatch";
  private static final String IDEMPOTENCY_KEY = "IdempotencyKey";

  private static final Map<String, String> PATH_PARAMETERS =
      Map.of(
          "user", "A user's name",
          "organisation", "An organisation's name",
          "team", "A team's name within its organisation",
          "robot", "A robot's name within its organisation, without `organisation+`",
          "name", "A repository's name, with its slashes as they are",
          "issuer", "The name that an issuer was given here",
          "id", "As lists and answers give it");

  private static final Map<String, String> QUERY_PARAMETERS =
      Map.of(
          "after", "Only items after this key; take it from the header `Link` of the page before",
          "limit", "How many items at most",
          "kind", "What was done, such as `manifest-push`",
          "actor", "The name of who did it",
          "repository", "Where it was done",
          "from", "Not before this time, such as `2026-11-21T00:00:00Z`",
          "to", "Before this time");

  @Override
  public void filterOpenAPI(OpenAPI document) {
    Components components = document.getComponents();
    components
        .addSecurityScheme("basic", scheme("basic").description("Password, or a personal token"))
        .addSecurityScheme("bearer", scheme("bearer").description("A personal access token"))
        .addSchema(PROBLEM, problem())
        .addResponse(
            PROBLEM,
            OASFactory.createAPIResponse()
                .description("What is wrong, by RFC 9457")
                .content(
                    OASFactory.createContent()
                        .addMediaType(
                            ProblemMapper.TYPE, OASFactory.createMediaType().schema(ref(PROBLEM)))))
        .addParameter(
            IF_MATCH,
            header("If-Match", "The `ETag` of what the caller has seen: nothing else is changed"))
        .addParameter(
            IDEMPOTENCY_KEY,
            header(
                IdempotencyInterceptor.KEY,
                "With the same key within 24 hours the same request makes nothing more"));
    texts(components, Role.values(), Role::text);
    texts(components, Visibility.values(), Visibility::text);
    texts(components, Action.values(), Action::text);
    for (String scheme : List.of("basic", "bearer")) {
      document.addSecurityRequirement(
          OASFactory.createSecurityRequirement().addScheme(scheme, List.of()));
    }
    document.getPaths().getPathItems().values().forEach(ApiDocument::complete);
  }

  private static void complete(PathItem path) {
    boolean changes =
        path.getOperations().keySet().stream()
            .anyMatch(method -> method != PathItem.HttpMethod.GET);
    path.getOperations()
        .forEach(
            (method, operation) ->
                complete(operation, changes, method == PathItem.HttpMethod.POST));
  }

  private static void complete(Operation operation, boolean changes, boolean idempotent) {
    var parameters = new ArrayList<Parameter>();
    for (Parameter parameter : listOf(operation.getParameters())) {
      boolean condition = "If-Match".equals(parameter.getName());
      parameters.add(condition ? OASFactory.createParameter().ref(IF_MATCH) : described(parameter));
    }
    if (idempotent) {
      parameters.add(OASFactory.createParameter().ref(IDEMPOTENCY_KEY));
    }
    operation.setParameters(parameters);
    operation.setOperationId(operation.getOperationId().replace("Resource_", "_"));
    if (operation.getOperationId().contains("_create")) {
      moveToCreated(operation.getResponses());
    }
    operation
        .getResponses()
        .getAPIResponses()
        .values()
        .forEach(response -> addHeaders(response, changes));
    operation.getResponses().addAPIResponse("default", OASFactory.createAPIResponse().ref(PROBLEM));
  }

  /** What the framework takes for 200: methods that make something are named create. */
  private static void moveToCreated(APIResponses responses) {
    APIResponse ok = responses.getAPIResponse("200");
    responses.removeAPIResponse("200");
    responses.addAPIResponse(
        "201", ok.description("Created").addHeader("Location", header("Its path")));
  }

  private static Parameter described(Parameter parameter) {
    Map<String, String> texts =
        parameter.getIn() == Parameter.In.PATH ? PATH_PARAMETERS : QUERY_PARAMETERS;
    String text = texts.get(parameter.getName());
    return text == null || parameter.getDescription() != null
        ? parameter
        : parameter.description(text);
  }

  /** What nobody can change has no state to compare. */
  private static void addHeaders(APIResponse response, boolean changes) {
    if (response.getContent() == null) {
      return;
    }
    boolean list =
        response.getContent().getMediaTypes().values().stream()
            .map(type -> type.getSchema().getType())
            .anyMatch(type -> type != null && type.contains(SchemaType.ARRAY));
    if (list) {
      response.addHeader("Link", header("The next page, with `rel=\"next\"`, where there is one"));
    } else if (changes) {
      response.addHeader("ETag", header("To be sent as `If-Match` with a change"));
    }
  }

  private static Schema problem() {
    var wrong =
        OASFactory.createSchema()
            .addType(SchemaType.OBJECT)
            .addProperty("property", text("Its name"))
            .addProperty("detail", text("What is wrong with it"));
    return OASFactory.createSchema()
        .addType(SchemaType.OBJECT)
        .required(List.of("title", "status", "code"))
        .addProperty("title", text("What the problem is, in general"))
        .addProperty("status", OASFactory.createSchema().addType(SchemaType.INTEGER))
        .addProperty(
            "code",
            text("What programs decide by")
                .enumeration(Arrays.stream(Problem.values()).<Object>map(Problem::name).toList()))
        .addProperty("detail", text("What it is here"))
        .addProperty(
            "errors",
            OASFactory.createSchema()
                .addType(SchemaType.ARRAY)
                .description("Each property that is wrong, where it is about that")
                .items(wrong))
        .examples(List.of(example(Problem.NOT_FOUND, "There is no such user")));
  }

  /** In one order, so that the document is always the same. */
  private static Map<String, Object> example(Problem problem, String detail) {
    var example = new LinkedHashMap<String, Object>();
    example.put("title", problem.title());
    example.put("status", problem.status());
    example.put("code", problem.name());
    example.put("detail", detail);
    return example;
  }

  /** Enumerations are named in JSON as {@link Json} has it. */
  private static <T extends Enum<T>> void texts(
      Components components, T[] values, Function<T, String> text) {
    Schema schema = OASFactory.createSchema().addType(SchemaType.STRING);
    schema.setEnumeration(Arrays.stream(values).<Object>map(text).toList());
    components.addSchema(values[0].getDeclaringClass().getSimpleName(), schema);
  }

  private static SecurityScheme scheme(String name) {
    return OASFactory.createSecurityScheme().type(SecurityScheme.Type.HTTP).scheme(name);
  }

  private static Parameter header(String name, String description) {
    return OASFactory.createParameter()
        .name(name)
        .in(Parameter.In.HEADER)
        .description(description)
        .schema(OASFactory.createSchema().addType(SchemaType.STRING));
  }

  private static Header header(String description) {
    return OASFactory.createHeader()
        .description(description)
        .schema(OASFactory.createSchema().addType(SchemaType.STRING));
  }

  private static Schema text(String description) {
    return OASFactory.createSchema().addType(SchemaType.STRING).description(description);
  }

  private static Schema ref(String name) {
    return OASFactory.createSchema().ref(name);
  }

  private static <T> List<T> listOf(@Nullable List<T> list) {
    return list == null ? List.of() : list;
  }
}
