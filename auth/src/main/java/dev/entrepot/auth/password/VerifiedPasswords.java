package dev.entrepot.auth.password;

import java.nio.ByteBuffer;
import java.nio.charset.StandardCharsets;
import java.security.GeneralSecurityException;
import java.security.MessageDigest;
import java.security.SecureRandom;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Map;
import javax.crypto.Mac;
import javax.crypto.spec.SecretKeySpec;

/**
 * Remembers for a short while that an account's password was right, so that a client that sends it
 * with every request does not cost a slow hash each time. Keeps no passwords but an HMAC under a
 * key that this process made and nobody else has; and the stored hash is part of it, so that what
 * was remembered of an older password is worth nothing. Quick enough for an event loop.
 */
public final class VerifiedPasswords {
  private static final String ALGORITHM = "HmacSHA256";

  private final SecretKeySpec key;
  private final Duration life;
  private final InstantSource clock;
  private final Map<String, Known> entries;

  private record Known(byte[] code, Instant until) {}

  /**
   * An empty memory.
   *
   * @param life how long a password is remembered after it was checked; using it does not prolong
   *     it
   * @param capacity for so many accounts; the oldest goes first
   */
  public VerifiedPasswords(Duration life, int capacity, InstantSource clock) {
    byte[] random = new byte[32];
    new SecureRandom().nextBytes(random);
    this.key = new SecretKeySpec(random, ALGORITHM);
    this.life = life;
    this.clock = clock;
    this.entries =
        new LinkedHashMap<>() {
          private static final long serialVersionUID = 1L;

          @Override
          protected boolean removeEldestEntry(Map.Entry<String, Known> eldest) {
            return size() > capacity;
          }
        };
  }

  /**
   * Whether this was found right a short while ago. False says nothing about the password.
   *
   * @param stored what is stored of the account's password now
   */
  public boolean knows(String account, String password, String stored) {
    Known entry;
    synchronized (entries) {
      entry = entries.get(account);
    }
    return entry != null
        && clock.instant().isBefore(entry.until)
        && MessageDigest.isEqual(entry.code, code(account, password, stored));
  }

  /** Remembers what was just checked and right. Only the last password of an account is kept. */
  public void remember(String account, String password, String stored) {
    Known entry = new Known(code(account, password, stored), clock.instant().plus(life));
    synchronized (entries) {
      entries.remove(account); // to be the youngest
      entries.put(account, entry);
    }
  }

  /** Forgets an account: it was disabled, or its password has changed. */
  public void forget(String account) {
    synchronized (entries) {
      entries.remove(account);
    }
  }

  private byte[] code(String account, String password, String stored) {
    try {
      Mac mac = Mac.getInstance(ALGORITHM);
      mac.init(key);
      for (String part : new String[] {account, password, stored}) {
        byte[] bytes = part.getBytes(StandardCharsets.UTF_8);
        mac.update(ByteBuffer.allocate(Integer.BYTES).putInt(bytes.length).flip());
        mac.update(bytes);
      }
      return mac.doFinal();
    } catch (GeneralSecurityException e) {
      throw new IllegalStateException("every JDK has " + ALGORITHM, e);
    }
  }
}
