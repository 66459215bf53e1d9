package dev.entrepot.conformance.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Inherited;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.extension.ExtendWith;

/**
 * The part of the specification that a class of tests is about, or the promise beyond it. The run
 * ends with a table of tests per section. Gives the class the {@link RegistryUnderTest}.
 */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@Inherited
@ExtendWith(RegistryUnderTest.class)
public @interface Section {
  /** The section's heading, with its parents': {@code Push > Pushing a blob in chunks}. */
  String value();
}
