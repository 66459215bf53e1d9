package dev.entrepot.database;

import dev.entrepot.error.ErrorCode;
import dev.entrepot.error.RegistryException;
import java.util.Map;

/**
 * The connection was lost while the transaction was being committed: it may have happened or not.
 * Never report success on it, and undo nothing that a committed transaction would rely on, such as
 * bytes that a row may point at by now.
 */
public final class OutcomeUnknownException extends RegistryException {
  OutcomeUnknownException(Map<String, String> headers) {
    super(
        ErrorCode.UNAVAILABLE,
        "the database was lost while it committed; whether the change was made is unknown, and"
            + " repeating the request is safe",
        null,
        headers);
  }
}
