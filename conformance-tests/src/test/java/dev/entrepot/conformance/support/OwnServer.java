package dev.entrepot.conformance.support;

import java.lang.annotation.ElementType;
import java.lang.annotation.Retention;
import java.lang.annotation.RetentionPolicy;
import java.lang.annotation.Target;
import org.junit.jupiter.api.condition.DisabledIfSystemProperty;

/** Tests that start servers of their own: not run against a registry given by URL. */
@Target(ElementType.TYPE)
@Retention(RetentionPolicy.RUNTIME)
@DisabledIfSystemProperty(
    named = RegistryUnderTest.URL,
    matches = ".+",
    disabledReason = "starts a server of its own")
public @interface OwnServer {}
