package dev.entrepot;

import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideInAnyPackage;
import static com.tngtech.archunit.core.domain.JavaClass.Predicates.resideOutsideOfPackages;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.classes;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.methods;
import static com.tngtech.archunit.lang.syntax.ArchRuleDefinition.noClasses;
import static com.tngtech.archunit.library.dependencies.SlicesRuleDefinition.slices;
import static java.util.Map.entry;
import static org.junit.jupiter.api.Assertions.assertEquals;

import com.tngtech.archunit.base.DescribedPredicate;
import com.tngtech.archunit.core.domain.JavaClass;
import com.tngtech.archunit.core.domain.JavaClasses;
import com.tngtech.archunit.core.importer.ClassFileImporter;
import com.tngtech.archunit.core.importer.ImportOption;
import com.tngtech.archunit.lang.ArchCondition;
import dev.entrepot.management.Idempotent;
import dev.entrepot.management.Needs;
import jakarta.ws.rs.HttpMethod;
import jakarta.ws.rs.POST;
import jakarta.ws.rs.Path;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import java.util.stream.Stream;
import org.eclipse.microprofile.openapi.annotations.Operation;
import org.junit.jupiter.api.Test;

/** The rules of the packages. A rule that is in the way is changed here, never switched off. */
class ArchitectureTest {
  private static final String ROOT = "dev.entrepot.";

  /** What a feature may use of the other features. */
  private static final Map<String, Set<String>> FEATURES =
      Map.ofEntries(
          entry("repository", Set.of()),
          entry("store", Set.of()),
          entry("blob", Set.of("repository")),
          entry("upload", Set.of("blob", "repository")),
          entry("manifest", Set.of("blob", "repository")),
          entry("tag", Set.of("manifest", "repository")),
          entry("referrer", Set.of("manifest", "repository")),
          entry("access", Set.of("repository")),
          entry("login", Set.of("access")),
          entry("management", Set.of()),
          entry("audit", Set.of("management")),
          entry("account", Set.of("management", "access", "repository", "trash")),
          entry("identity", Set.of("login", "access", "account")),
          entry("quota", Set.of("management", "blob", "repository")),
          entry("backup", Set.of()),
          entry("gc", Set.of("management", "blob", "manifest", "repository")),
          entry("trash", Set.of("management", "access", "blob", "manifest", "repository")),
          entry("scrub", Set.of("blob", "management", "store")),
          entry("journal", Set.of()),
          entry("transfer", Set.of("blob", "journal", "manifest", "repository", "store", "tag")),
          entry("ratelimit", Set.of()),
          entry("tagrule", Set.of("management", "manifest", "repository")));

  /** What every feature may use. */
  private static final Set<String> FOUNDATION =
      Set.of(
          "http",
          "database",
          "event",
          "error",
          "oci",
          "config",
          "cache",
          "storage",
          "auth",
          "task");

  /** What puts the server together and starts it. */
  private static final Set<String> COMPOSITION = Set.of("server");

  /** Resources of the management API, which the gate guards. */
  private static final DescribedPredicate<JavaClass> MANAGED =
      DescribedPredicate.describe(
          "below /api/v1/",
          type ->
              type.tryGetAnnotationOfType(Path.class)
                  .map(path -> path.value().startsWith("/api/v1/"))
                  .orElse(false));

  private static final JavaClasses CLASSES =
      new ClassFileImporter()
          .withImportOption(ImportOption.Predefined.DO_NOT_INCLUDE_TESTS)
          .withImportOption(location -> !location.contains("/testkit/")) // for tests, in a module
          .importPackages("dev.entrepot");

  @Test
  void packagesHaveNoCycles() {
    slices().matching("dev.entrepot.(*)..").should().beFreeOfCycles().check(CLASSES);
    slices().matching("dev.entrepot.account.(*)..").should().beFreeOfCycles().check(CLASSES);
  }

  @Test
  void featuresUseEachOtherInOneDirection() {
    FEATURES.forEach(
        (feature, others) ->
            noClasses()
                .that()
                .resideInAPackage(ROOT + feature + "..")
                .should()
                .dependOnClassesThat(
                    resideInAnyPackage("dev.entrepot..")
                        .and(resideOutsideOfPackages(allowed(feature, others))))
                .as(feature + " uses " + others + " and the foundation only")
                .check(CLASSES));
  }

  @Test
  void theFoundationKnowsNoFeature() {
    noClasses()
        .that()
        .resideInAnyPackage(packages(FOUNDATION))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(FEATURES.keySet()))
        .check(CLASSES);
  }

  @Test
  void nobodyKnowsWhoStartsTheServer() {
    noClasses()
        .that()
        .resideInAnyPackage(packages(FEATURES.keySet()))
        .or()
        .resideInAnyPackage(packages(FOUNDATION))
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(packages(COMPOSITION))
        .check(CLASSES);
  }

  @Test
  void theSpecificationsValuesKnowNoFramework() {
    classes()
        .that()
        .resideInAnyPackage(packages(Set.of("oci", "error", "storage")))
        .and()
        .resideOutsideOfPackage(ROOT + "storage.s3")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "com.sun.nio.file", // the JDK's name for reading past the page cache
                "org.jspecify.annotations",
                "com.fasterxml.jackson.core..",
                "org.jboss.logging..",
                ROOT + "oci..",
                ROOT + "error..",
                ROOT + "storage..",
                ROOT + "auth.."))
        .check(CLASSES);
  }

  @Test
  void authUsesTheJdkAndEachOfItsLibrariesInOnePlace() {
    authUses(Set.of("token", "federation"), "com.nimbusds.jose..");
    authUses(Set.of("password"), "org.bouncycastle.crypto..");
    authUses(Set.of("ldap"), "com.unboundid..");
    authUses(Set.of("", "secret", "certificate"));
  }

  private static void authUses(Set<String> parts, String... libraries) {
    String[] own =
        parts.stream()
            .map(part -> ROOT + (part.isEmpty() ? "auth" : "auth." + part))
            .toArray(String[]::new);
    String[] allowed =
        Stream.concat(
                Stream.of("java..", "javax..", "org.jspecify.annotations", ROOT + "auth.."),
                Stream.of(libraries))
            .toArray(String[]::new);
    classes()
        .that()
        .resideInAnyPackage(own)
        .should()
        .onlyDependOnClassesThat(resideInAnyPackage(allowed))
        .check(CLASSES);
  }

  @Test
  void storageKnowsNothingOfTheServer() {
    noClasses()
        .that()
        .resideInAPackage(ROOT + "storage..")
        .should()
        .dependOnClassesThat(
            resideInAnyPackage("dev.entrepot..").and(resideOutsideOfPackages(ROOT + "storage..")))
        .check(CLASSES);
  }

  @Test
  void theObjectStoresSdkStaysInItsAdapter() {
    noClasses()
        .that()
        .resideOutsideOfPackage(ROOT + "storage.s3")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage(
            "io.minio..", "okhttp3..", "okio..", "kotlin..", "org.simpleframework..")
        .check(CLASSES);
    classes()
        .that()
        .resideInAPackage(ROOT + "storage.s3")
        .should()
        .onlyDependOnClassesThat(
            resideInAnyPackage(
                "java..",
                "javax..",
                "org.jspecify.annotations",
                "io.minio..",
                "okhttp3..",
                ROOT + "storage.."))
        .check(CLASSES);
  }

  @Test
  void webFrameworkTypesStayAtTheEdge() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Service")
        .or()
        .haveSimpleNameEndingWith("Rows")
        .or()
        .haveSimpleNameEndingWith("Index")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("io.vertx..", "jakarta.ws.rs..")
        .check(CLASSES);
  }

  @Test
  void endpointsAskServicesAndNotTheDatabase() {
    noClasses()
        .that()
        .haveSimpleNameEndingWith("Endpoints")
        .or()
        .haveSimpleNameEndingWith("Endpoint")
        .should()
        .dependOnClassesThat()
        .resideInAnyPackage("java.sql..", ROOT + "database..")
        .check(CLASSES);
  }

  @Test
  void everyMethodOfTheManagementApiSaysWhoMayCallIt() {
    methods()
        .that()
        .areMetaAnnotatedWith(HttpMethod.class)
        .and()
        .areDeclaredInClassesThat(MANAGED)
        .should()
        .beAnnotatedWith(Needs.class)
        .andShould()
        .beAnnotatedWith(Operation.class)
        .check(CLASSES);
    methods()
        .that()
        .areAnnotatedWith(POST.class)
        .and()
        .areDeclaredInClassesThat(MANAGED)
        .should()
        .beAnnotatedWith(Idempotent.class)
        .check(CLASSES);
  }

  @Test
  void resourcesAreOfTheManagementApiOrOfTheLogin() {
    classes()
        .that()
        .areAnnotatedWith(Path.class)
        .and()
        .resideOutsideOfPackages(packages(Set.of("login", "identity")))
        .should(ArchCondition.from(MANAGED))
        .check(CLASSES);
  }

  @Test
  void everyPackageOfTheServerIsKnownToTheseRules() {
    Set<String> known =
        Stream.of(FEATURES.keySet(), FOUNDATION, COMPOSITION)
            .flatMap(Set::stream)
            .collect(Collectors.toCollection(TreeSet::new));
    Set<String> unknown =
        CLASSES.stream()
            .map(type -> type.getPackageName())
            .filter(name -> name.startsWith(ROOT))
            .map(name -> name.substring(ROOT.length()).split("\\.")[0])
            .filter(name -> !known.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), unknown);
  }

  private static String[] allowed(String feature, Set<String> others) {
    return packages(
        Stream.of(Set.of(feature), others, FOUNDATION)
            .flatMap(Set::stream)
            .collect(Collectors.toSet()));
  }

  private static String[] packages(Set<String> names) {
    return List.copyOf(names).stream().map(name -> ROOT + name + "..").toArray(String[]::new);
  }
}
