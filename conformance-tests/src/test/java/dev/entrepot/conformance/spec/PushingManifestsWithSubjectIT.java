package dev.entrepot.conformance.spec;

import static org.hamcrest.Matchers.equalTo;

import dev.entrepot.conformance.support.Blob;
import dev.entrepot.conformance.support.Image;
import dev.entrepot.conformance.support.Manifest;
import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Repository;
import dev.entrepot.conformance.support.Section;

@Section("Push > Pushing Manifests with Subject")
class PushingManifestsWithSubjectIT {
  @Must
  void subjectIsConfirmed(Repository repository) {
    Manifest subject = repository.pushImage().manifest();
    repository.push(Blob.EMPTY_JSON);
    Manifest artifact = Manifest.artifact("application/vnd.example.sbom").subject(subject).build();
    repository
        .put(artifact, artifact.digest())
        .then()
        .statusCode(201)
        .header("OCI-Subject", equalTo(subject.digest()));
  }

  @Must
  void subjectOfAnIndexIsConfirmed(Repository repository) {
    Manifest subject = repository.pushImage().manifest();
    Manifest index = Manifest.index().subject(subject).build();
    repository
        .put(index, "attached")
        .then()
        .statusCode(201)
        .header("OCI-Subject", equalTo(subject.digest()));
  }

  @Must
  void subjectThatIsNotThereYetIsAccepted(Repository repository) {
    Manifest subject = Image.random().manifest();
    repository.push(Blob.EMPTY_JSON);
    Manifest artifact = Manifest.artifact("application/vnd.example.sbom").subject(subject).build();
    repository
        .put(artifact, artifact.digest())
        .then()
        .statusCode(201)
        .header("OCI-Subject", equalTo(subject.digest()));
  }

  @Must
  void manifestWithoutSubjectConfirmsNone(Repository repository) {
    Image image = repository.pushImage();
    repository
        .put(image.manifest(), "v1")
        .then()
        .statusCode(201)
        .header("OCI-Subject", equalTo(null));
  }
}
