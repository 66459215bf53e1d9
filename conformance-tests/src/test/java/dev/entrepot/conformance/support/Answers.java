package dev.entrepot.conformance.support;

import static org.hamcrest.Matchers.both;
import static org.hamcrest.Matchers.greaterThanOrEqualTo;
import static org.hamcrest.Matchers.hasItem;
import static org.hamcrest.Matchers.lessThan;

import io.restassured.builder.ResponseSpecBuilder;
import io.restassured.specification.ResponseSpecification;

/** What answers look like: for {@code then().spec(…)}. */
public final class Answers {
  private Answers() {}

  /** A status with the specification's error envelope that has, among others, this code. */
  public static ResponseSpecification error(int status, String code) {
    return new ResponseSpecBuilder()
        .expectStatusCode(status)
        .expectBody("errors.code", hasItem(code))
        .build();
  }

  /** Any 4xx with this code: where the specification fixes the code and not the status. */
  public static ResponseSpecification error(String code) {
    return new ResponseSpecBuilder()
        .expectStatusCode(both(greaterThanOrEqualTo(400)).and(lessThan(500)))
        .expectBody("errors.code", hasItem(code))
        .build();
  }
}
