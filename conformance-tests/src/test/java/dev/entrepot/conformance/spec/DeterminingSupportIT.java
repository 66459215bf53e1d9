package dev.entrepot.conformance.spec;

import dev.entrepot.conformance.support.Must;
import dev.entrepot.conformance.support.Registry;
import dev.entrepot.conformance.support.Section;

@Section("API > Determining Support")
class DeterminingSupportIT {
  @Must
  void baseAnswers200(Registry registry) {
    registry.request().get("/v2/").then().statusCode(200);
  }
}
