package dev.entrepot.conformance;

import static org.assertj.core.api.Assertions.assertThat;
import static org.junit.jupiter.api.Assumptions.assumeTrue;
import static org.junit.platform.engine.discovery.DiscoverySelectors.selectPackage;

import dev.entrepot.conformance.support.OwnServer;
import dev.entrepot.conformance.support.PeerRegistry;
import dev.entrepot.conformance.support.RegistryUnderTest;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.platform.engine.TestExecutionResult;
import org.junit.platform.engine.discovery.ClassNameFilter;
import org.junit.platform.engine.support.descriptor.MethodSource;
import org.junit.platform.launcher.LauncherDiscoveryRequest;
import org.junit.platform.launcher.TestExecutionListener;
import org.junit.platform.launcher.TestIdentifier;
import org.junit.platform.launcher.core.LauncherConfig;
import org.junit.platform.launcher.core.LauncherDiscoveryRequestBuilder;
import org.junit.platform.launcher.core.LauncherFactory;

/**
 * Runs the specification's tests against CNCF distribution, which is known to fall short in places:
 * the suite must fail there, and nowhere else.
 */
@OwnServer
class SuiteCatchesFaultsIT {
  private static final String SUITE = "dev.entrepot.conformance.spec";
  private static final Set<String> passed = new TreeSet<>();
  private static final Set<String> failed = new TreeSet<>();

  @BeforeAll
  static void runSuiteAgainstDistribution() {
    assumeTrue(PeerRegistry.isInstalled(), "skipped: distribution's registry is not installed");
    try (PeerRegistry peer = PeerRegistry.start()) {
      run(peer.url().toString());
    }
  }

  @AfterAll
  static void report() {
    System.out.printf(
        "specification tests against distribution: %d passed, %d failed%n",
        passed.size(), failed.size());
  }

  @Test
  void missingReferrersAreCaught() {
    assertFailing(
        "ListingReferrersIT.listIsAnImageIndex",
        "ListingReferrersIT.listHasEveryManifestWithThatSubject",
        "ListingReferrersIT.descriptorTellsMediaTypeAndSize",
        "ListingReferrersIT.artifactTypeIsTheManifests",
        "ListingReferrersIT.artifactTypeOfAManifestWithoutOneIsItsConfigsMediaType",
        "ListingReferrersIT.annotationsAreTheManifests",
        "ListingReferrersIT.subjectThatIsNotThereHasAnEmptyList",
        "ListingReferrersIT.subjectThatIsNotThereYetHasItsReferrers",
        "ListingReferrersIT.malformedDigestIs400",
        "ListingReferrersIT.artifactTypeFilters",
        "ListingReferrersIT.appliedFilterIsNamed",
        "PushingManifestsWithSubjectIT.subjectIsConfirmed",
        "PushingManifestsWithSubjectIT.subjectThatIsNotThereYetIsAccepted");
  }

  @Test
  void missingSha512IsCaught() {
    assertFailing(
        "PullingManifestsIT.manifestBySha512DigestIsTheOnePushed",
        "PullingBlobsIT.sha512BlobComesWithItsDigest",
        "PushingManifestsIT.pushBySha512DigestIs201",
        "PushingManifestsIT.digestOfAPushBySha512DigestIsTheClients",
        "MountingBlobsIT.sha512BlobIsMounted");
  }

  @Test
  void missingSinglePostIsCaught() {
    assertFailing(
        "SinglePostIT.postWithDigestIs201",
        "SinglePostIT.emptyBlobIsTaken",
        "SinglePostIT.digestOfOtherContentIs400");
  }

  @Test
  void missingTagParametersAreCaught() {
    assertFailing(
        "PushingTagsIT.eachAcceptedTagIsNamed",
        "PushingTagsIT.acceptedTagsPointToTheManifest",
        "PushingTagsIT.tenTagsAreAccepted");
  }

  @Test
  void smallerFaultsAreCaught() {
    assertFailing(
        "PushingManifestsIT.manifestThatIsTooLargeIs413",
        "ChunkedUploadIT.unsupportedAlgorithmIs400",
        "ErrorCodesIT.malformedNameIsNameInvalid",
        "ListingTagsIT.listOfARepositoryWithoutTagsIsEmpty");
  }

  @Test
  void whatDistributionDoesWellPasses() {
    Set<String> classesWithFailures =
        failed.stream().map(test -> test.split("\\.")[0]).collect(Collectors.toSet());
    assertThat(passed).hasSizeGreaterThan(110);
    assertThat(classesWithFailures)
        .doesNotContain(
            "DeterminingSupportIT",
            "CheckingContentIT",
            "PostThenPutIT",
            "CancellingUploadsIT",
            "DeletingTagsIT",
            "DeletingManifestsIT",
            "DeletingBlobsIT");
  }

  private static void assertFailing(String... tests) {
    assertThat(failed).contains(tests);
  }

  private static void run(String url) {
    LauncherDiscoveryRequest request =
        LauncherDiscoveryRequestBuilder.request()
            .selectors(selectPackage(SUITE))
            .filters(ClassNameFilter.includeClassNamePatterns(".*IT"))
            .configurationParameter(RegistryUnderTest.URL, url)
            .build();
    LauncherConfig quiet =
        LauncherConfig.builder().enableTestExecutionListenerAutoRegistration(false).build();
    LauncherFactory.create(quiet)
        .execute(
            request,
            new TestExecutionListener() {
              @Override
              public void executionFinished(TestIdentifier test, TestExecutionResult result) {
                if (test.isTest()) {
                  boolean good = result.getStatus() == TestExecutionResult.Status.SUCCESSFUL;
                  (good ? passed : failed).add(name(test));
                }
              }
            });
  }

  private static String name(TestIdentifier test) {
    MethodSource method = (MethodSource) test.getSource().orElseThrow();
    return method.getJavaClass().getSimpleName() + "." + method.getMethodName();
  }
}
