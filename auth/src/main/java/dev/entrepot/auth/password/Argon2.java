package dev.entrepot.auth.password;

import java.nio.charset.StandardCharsets;
import java.security.MessageDigest;
import java.util.Base64;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.bouncycastle.crypto.generators.Argon2BytesGenerator;
import org.bouncycastle.crypto.params.Argon2Parameters;

/** An Argon2id hash (RFC 9106, version 0x13) and its PHC string. */
final class Argon2 {
  static final int HASH_LENGTH = 32;

  /** OWASP's password storage cheat sheet, the one with the most memory but one. */
  static final Parameters RECOMMENDED = new Parameters(19 * 1024, 2, 1);

  private static final Pattern PHC =
      Pattern.compile(
          "\\$argon2id\\$v=19\\$m=([0-9]{1,7}),t=([0-9]{1,3}),p=([0-9]{1,2})"
              + "\\$([A-Za-z0-9+/]{11,86})\\$([A-Za-z0-9+/]{22,86})");

  /**
   * What a hash costs. The limits keep a wrong row from taking all memory.
   *
   * @param memory in KiB
   * @param passes over the memory
   * @param lanes that could be computed at the same time
   */
  record Parameters(int memory, int passes, int lanes) {
    Parameters {
      if (lanes < 1 || lanes > 16 || passes < 1 || passes > 100) {
        throw new IllegalArgumentException("parameters of Argon2id out of range");
      }
      if (memory < 8 * lanes || memory > 256 * 1024) {
        throw new IllegalArgumentException("memory of Argon2id out of range");
      }
    }
  }

  private final Parameters parameters;
  private final byte[] salt;
  private final byte[] hash;

  Argon2(Parameters parameters, byte[] salt, byte[] hash) {
    this.parameters = parameters;
    this.salt = salt;
    this.hash = hash;
  }

  static Argon2 hash(Parameters parameters, byte[] salt, String password) {
    return new Argon2(parameters, salt, compute(parameters, salt, password, HASH_LENGTH));
  }

  static Argon2 parse(String phc) {
    Matcher matcher = PHC.matcher(phc);
    if (!matcher.matches()) {
      throw new IllegalArgumentException("no PHC string of Argon2id");
    }
    return new Argon2(
        new Parameters(number(matcher, 1), number(matcher, 2), number(matcher, 3)),
        Base64.getDecoder().decode(matcher.group(4)),
        Base64.getDecoder().decode(matcher.group(5)));
  }

  boolean matches(String password) {
    return MessageDigest.isEqual(hash, compute(parameters, salt, password, hash.length));
  }

  boolean isOf(Parameters other) {
    return parameters.equals(other) && hash.length == HASH_LENGTH;
  }

  @Override
  public String toString() {
    Base64.Encoder base64 = Base64.getEncoder().withoutPadding();
    return "$argon2id$v=19$m=%d,t=%d,p=%d$%s$%s"
        .formatted(
            parameters.memory,
            parameters.passes,
            parameters.lanes,
            base64.encodeToString(salt),
            base64.encodeToString(hash));
  }

  private static byte[] compute(Parameters parameters, byte[] salt, String password, int length) {
    Argon2BytesGenerator generator = new Argon2BytesGenerator();
    generator.init(
        new Argon2Parameters.Builder(Argon2Parameters.ARGON2_id)
            .withVersion(Argon2Parameters.ARGON2_VERSION_13)
            .withMemoryAsKB(parameters.memory)
            .withIterations(parameters.passes)
            .withParallelism(parameters.lanes)
            .withSalt(salt)
            .build());
    byte[] hash = new byte[length];
    generator.generateBytes(password.getBytes(StandardCharsets.UTF_8), hash);
    return hash;
  }

  private static int number(Matcher matcher, int group) {
    return Integer.parseInt(matcher.group(group));
  }
}
