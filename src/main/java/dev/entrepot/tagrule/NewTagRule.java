package dev.entrepot.tagrule;

import jakarta.validation.constraints.NotNull;
import jakarta.validation.constraints.Pattern;

/**
 * A rule to be made.
 *
 * @param pattern which tags stay as they are; {@code *} is any text
 */
record NewTagRule(
    @NotNull @Pattern(regexp = TagPattern.SYNTAX, message = "is no pattern of tags")
        String pattern) {}
