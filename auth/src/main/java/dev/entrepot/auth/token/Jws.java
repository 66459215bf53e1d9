package dev.entrepot.auth.token;

import com.nimbusds.jose.JOSEException;
import com.nimbusds.jose.JWSHeader;
import com.nimbusds.jose.JWSObject;
import com.nimbusds.jose.JWSVerifier;
import com.nimbusds.jose.util.Base64URL;
import java.text.ParseException;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * A signed token in its compact form (RFC 7515), read strictly: nothing but base64url without
 * padding, in its one form; no critical extensions. What it says is not to be believed before
 * {@link #check}.
 */
public final class Jws {
  private static final Pattern COMPACT =
      Pattern.compile("[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+\\.[A-Za-z0-9_-]+");

  private final JWSObject object;

  private Jws(JWSObject object) {
    this.object = object;
  }

  /**
   * Reads it.
   *
   * @param maxLength in characters; a longer one is not looked at
   * @throws TokenRefusedException when it is none
   */
  public static Jws parse(String text, int maxLength) {
    if (text.length() > maxLength) {
      throw TokenRefusedException.invalid("too long");
    }
    if (!COMPACT.matcher(text).matches()) {
      throw TokenRefusedException.invalid("no signed token");
    }
    try {
      JWSObject object = JWSObject.parse(text);
      Base64URL signature = object.getSignature();
      // Else the spare bits of the last character would make several texts of one signature.
      if (!Base64URL.encode(signature.decode()).equals(signature)) {
        throw TokenRefusedException.invalid("signature not in its one form");
      }
      if (object.getHeader().getCriticalParams() != null) {
        throw TokenRefusedException.invalid("critical header");
      }
      return new Jws(object);
    } catch (ParseException | IllegalArgumentException e) {
      throw TokenRefusedException.invalid("no signed token");
    }
  }

  /** The header. */
  public JWSHeader header() {
    return object.getHeader();
  }

  /**
   * Checks the signature. That the header's algorithm is one for this key is the caller's to see
   * to.
   *
   * @throws TokenRefusedException when it is another's
   */
  public void check(JWSVerifier verifier) {
    try {
      if (!object.verify(verifier)) {
        throw TokenRefusedException.invalid("signature");
      }
    } catch (JOSEException | IllegalStateException e) {
      throw TokenRefusedException.invalid("signature");
    }
  }

  /**
   * What it says.
   *
   * @throws TokenRefusedException when it is no JSON object, or one that says something twice
   */
  public Map<String, Object> claims() {
    Map<String, Object> claims = object.getPayload().toJSONObject();
    if (claims == null) {
      throw TokenRefusedException.invalid("no claims");
    }
    return claims;
  }
}
