package dev.entrepot.oci;

import java.util.List;
import java.util.Set;

/** The media types that this registry looks into: image-spec, "Media Types", and Docker's. */
public final class MediaTypes {
  public static final String OCI_MANIFEST = "application/vnd.oci.image.manifest.v1+json";
  public static final String OCI_INDEX = "application/vnd.oci.image.index.v1+json";
  public static final String OCI_ARTIFACT = "application/vnd.oci.artifact.manifest.v1+json";
  public static final String DOCKER_MANIFEST =
      "application/vnd.docker.distribution.manifest.v2+json";
  public static final String DOCKER_LIST =
      "application/vnd.docker.distribution.manifest.list.v2+json";

  /** What can be pushed as a manifest. */
  public static final List<String> MANIFESTS =
      List.of(OCI_MANIFEST, OCI_INDEX, DOCKER_MANIFEST, DOCKER_LIST, OCI_ARTIFACT);

  private static final Set<String> SCHEMA_1 =
      Set.of(
          "application/vnd.docker.distribution.manifest.v1+json",
          "application/vnd.docker.distribution.manifest.v1+prettyjws");

  private MediaTypes() {}

  /** Whether content of the type is a manifest, be it one that cannot be pushed here. */
  static boolean isManifest(String type) {
    return MANIFESTS.contains(type) || isSchema1(type);
  }

  /** Docker's first manifest format, which is refused. */
  static boolean isSchema1(String type) {
    return SCHEMA_1.contains(type);
  }

  /** A layer that may have to be fetched from elsewhere, because it must not be distributed. */
  static boolean isNondistributable(String type) {
    return type.startsWith("application/vnd.oci.image.layer.nondistributable.")
        || type.startsWith("application/vnd.docker.image.rootfs.foreign.");
  }
}
