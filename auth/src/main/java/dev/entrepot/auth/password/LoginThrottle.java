package dev.entrepot.auth.password;

import dev.entrepot.auth.AddressKey;
import java.text.Normalizer;
import java.time.Duration;
import java.time.Instant;
import java.time.InstantSource;
import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import java.util.regex.Pattern;

/**
 * How often passwords may be tried. Three counts, each of which makes one wait longer and longer
 * once its free attempts are used up:
 *
 * <ul>
 *   <li>an account from an address: strict, up to a quarter of an hour;
 *   <li>an address, whatever the account: against trying one password on many accounts;
 *   <li>an account, from wherever: loose, seconds only. So nobody locks a user out for long from
 *       other addresses, and guessing from many of them is slow all the same.
 * </ul>
 *
 * From an address that the account has signed in from before, only the first one counts: neither an
 * attack on the account from elsewhere nor one from behind the same address on other accounts keeps
 * its user out. An IPv6 address stands for its /64.
 *
 * <p>An attempt counts as failed from its start until it is told otherwise, so that many at once do
 * not slip through. Callers check equal passwords of a user that arrive together only once.
 */
public final class LoginThrottle {
  private static final Rule PAIR = new Rule(10, Duration.ofMinutes(15));
  private static final Rule ADDRESS = new Rule(50, Duration.ofMinutes(5));
  private static final Rule ACCOUNT = new Rule(100, Duration.ofSeconds(8));
  private static final Duration MEMORY = Duration.ofHours(1);
  private static final int LONGEST_NAME = 256;
  private static final Pattern IGNORED = Pattern.compile("[^\\p{L}\\p{N}\\p{P}\\p{S}]");

  private final InstantSource clock;
  private final Map<String, Count> counts;
  private final Map<String, Boolean> trusted;

  private record Rule(int free, Duration longest) {
    /** A second after the last free attempt, then twice as long each time. */
    Duration waitAfter(int failures) {
      if (failures < free) {
        return Duration.ZERO;
      }
      Duration wait = Duration.ofSeconds(1L << Math.min(failures - free, 20));
      return wait.compareTo(longest) < 0 ? wait : longest;
    }
  }

  private record Count(int failures, Instant last, Instant until) {}

  /**
   * Nothing counted yet.
   *
   * @param capacity how many counts are kept, and how many addresses that users sign in from; the
   *     ones not used for longest go first
   */
  public LoginThrottle(int capacity, InstantSource clock) {
    this.clock = clock;
    this.counts = bounded(capacity);
    this.trusted = bounded(capacity);
  }

  /**
   * Asks before a password is checked. Follow with {@link #succeeded} or {@link #withdrawn}, or
   * with nothing when it was wrong.
   *
   * @param account as the client says it, whether there is such a one or not
   * @return zero when it may be checked, and the attempt is counted; else how long to wait, and
   *     nothing is counted
   */
  public synchronized Duration attempt(String account, String address) {
    Keys keys = Keys.of(account, address);
    Instant now = clock.instant();
    Duration wait = left(keys.pair, now);
    if (trusted.get(keys.pair) == null) {
      wait = longer(wait, longer(left(keys.address, now), left(keys.account, now)));
    }
    if (wait.isZero()) {
      count(keys.pair, PAIR, now);
      count(keys.address, ADDRESS, now);
      count(keys.account, ACCOUNT, now);
    }
    return wait;
  }

  /**
   * The password was right: the account starts anew. The address does not: else whoever has an
   * account could go on trying others.
   */
  public synchronized void succeeded(String account, String address) {
    Keys keys = Keys.of(account, address);
    counts.remove(keys.pair);
    counts.remove(keys.account);
    takeBack(keys.address, ADDRESS);
    trusted.put(keys.pair, true);
  }

  /** It could not be found out whether the password was right. */
  public synchronized void withdrawn(String account, String address) {
    Keys keys = Keys.of(account, address);
    takeBack(keys.pair, PAIR);
    takeBack(keys.address, ADDRESS);
    takeBack(keys.account, ACCOUNT);
  }

  synchronized int size() {
    return counts.size() + trusted.size();
  }

  private Duration left(String key, Instant now) {
    Count count = counts.get(key);
    return count == null || !count.until.isAfter(now)
        ? Duration.ZERO
        : Duration.between(now, count.until);
  }

  private void count(String key, Rule rule, Instant now) {
    Count before = counts.get(key);
    int failures = before == null || before.until.plus(MEMORY).isBefore(now) ? 0 : before.failures;
    put(key, rule, failures + 1, now);
  }

  private void takeBack(String key, Rule rule) {
    Count count = counts.get(key);
    if (count == null || count.failures <= 1) {
      counts.remove(key);
    } else {
      put(key, rule, count.failures - 1, count.last);
    }
  }

  private void put(String key, Rule rule, int failures, Instant last) {
    counts.put(key, new Count(failures, last, last.plus(rule.waitAfter(failures))));
  }

  private static Duration longer(Duration one, Duration other) {
    return one.compareTo(other) >= 0 ? one : other;
  }

  private static <V> Map<String, V> bounded(int capacity) {
    return new LinkedHashMap<>(16, 0.75f, true) {
      private static final long serialVersionUID = 1L;

      @Override
      protected boolean removeEldestEntry(Map.Entry<String, V> eldest) {
        return size() > capacity;
      }
    };
  }

  /** What is counted by; the letters keep an account from being named like an address. */
  private record Keys(String account, String address, String pair) {
    Keys(String account, String address) {
      this("n" + account, "a" + address, "p" + address + " " + account);
    }

    static Keys of(String account, String address) {
      return new Keys(normal(account), cut(AddressKey.of(address)));
    }

    /** All that a directory may take for one name: case, spaces, and what is not seen. */
    private static String normal(String account) {
      String text = Normalizer.normalize(cut(account), Normalizer.Form.NFKC);
      return IGNORED.matcher(text).replaceAll("").toLowerCase(Locale.ROOT);
    }

    private static String cut(String text) {
      return text.length() > LONGEST_NAME ? text.substring(0, LONGEST_NAME) : text;
    }
  }
}
