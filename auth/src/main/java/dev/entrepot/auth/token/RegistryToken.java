package dev.entrepot.auth.token;

import dev.entrepot.auth.Access;
import dev.entrepot.auth.Action;
import dev.entrepot.auth.Limits;
import dev.entrepot.auth.Subject;
import java.math.BigDecimal;
import java.time.Instant;
import java.util.ArrayList;
import java.util.EnumSet;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * What a token of this registry says.
 *
 * @param id of this one token
 * @param subject whose it is; its limits are what the token holds
 * @param seen which changes of accounts and rights the issuer had seen, in its own words: whether
 *     one was made after that is for others to tell
 * @param issuedAt to the millisecond
 * @param expiresAt in whole seconds
 */
public record RegistryToken(
    String id, Subject subject, String seen, Instant issuedAt, Instant expiresAt) {
  private static final Pattern ACCOUNT = Pattern.compile("(user|robot):([1-9][0-9]{0,17})");

  /** What the token holds. */
  public List<Access> access() {
    return subject.limits() instanceof Limits.Granted granted ? granted.access() : List.of();
  }

  Map<String, Object> claims(String issuer, String audience) {
    Map<String, Object> claims = new LinkedHashMap<>();
    claims.put("iss", issuer);
    claims.put("sub", subject.isAnonymous() ? "" : subject.name());
    claims.put("aud", audience);
    claims.put("iat", BigDecimal.valueOf(issuedAt.toEpochMilli(), 3));
    claims.put("nbf", issuedAt.getEpochSecond());
    claims.put("exp", expiresAt.getEpochSecond());
    claims.put("jti", id);
    claims.put("uid", subject.account());
    claims.put("cid", subject.credential());
    claims.put("seen", seen);
    claims.put("access", access().stream().map(RegistryToken::claim).toList());
    return claims;
  }

  /** Reads signed and checked claims; whatever is odd about them refuses the token. */
  static RegistryToken of(Map<String, Object> claims, Validity validity) {
    List<Access> access = new ArrayList<>();
    for (Object entry : list(claims.get("access"))) {
      if (!(entry instanceof Map<?, ?> resource)) {
        throw TokenRefusedException.invalid("claim access");
      }
      access.add(access(resource));
    }
    return new RegistryToken(
        text(claims, "jti"),
        subject(claims, new Limits.Granted(access)),
        text(claims, "seen"),
        validity.issuedAt(),
        validity.expiresAt());
  }

  private static Subject subject(Map<String, Object> claims, Limits limits) {
    String account = text(claims, "uid");
    if (account.isEmpty()) {
      Subject nobody = Subject.ANONYMOUS;
      return new Subject(nobody.kind(), nobody.id(), nobody.name(), nobody.credential(), limits);
    }
    Matcher matcher = ACCOUNT.matcher(account);
    if (!matcher.matches()) {
      throw TokenRefusedException.invalid("claim uid");
    }
    return new Subject(
        matcher.group(1).equals("user") ? Subject.Kind.USER : Subject.Kind.ROBOT,
        Long.parseLong(matcher.group(2)),
        text(claims, "sub"),
        text(claims, "cid"),
        limits);
  }

  private static Map<String, Object> claim(Access access) {
    Set<Action> asked = EnumSet.noneOf(Action.class);
    asked.addAll(access.actions());
    asked.removeAll(access.implied());
    Map<String, Object> claim = new LinkedHashMap<>();
    claim.put("type", access.type());
    claim.put("name", access.name());
    claim.put("actions", words(access, asked));
    if (!access.implied().isEmpty()) {
      claim.put("also", words(access, access.implied()));
    }
    if (access.founds()) {
      claim.put("founds", true);
    }
    return claim;
  }

  /** The catalogue's only action is {@code *}, in the words asked. */
  private static List<String> words(Access access, Set<Action> actions) {
    return actions.stream()
        .sorted()
        .map(action -> access.type().equals(Access.REGISTRY) ? "*" : action.text())
        .toList();
  }

  private static Access access(Map<?, ?> claim) {
    String type = text(claim, "type");
    Set<Action> implied = actions(type, claim.get("also"));
    Set<Action> all = actions(type, claim.get("actions"));
    all.addAll(implied);
    boolean founds = Boolean.TRUE.equals(claim.get("founds"));
    return new Access(type, text(claim, "name"), all, implied, founds);
  }

  /** A word that this version does not know allows nothing. */
  private static Set<Action> actions(String type, @Nullable Object words) {
    Set<Action> actions = EnumSet.noneOf(Action.class);
    for (Object word : list(words)) {
      if (type.equals(Access.REGISTRY)) {
        actions.add(Action.CATALOG);
      } else {
        Action.find(String.valueOf(word)).ifPresent(actions::add);
      }
    }
    return actions;
  }

  private static List<?> list(@Nullable Object value) {
    return value instanceof List<?> list ? list : List.of();
  }

  private static String text(Map<?, ?> claims, String name) {
    if (claims.get(name) instanceof String text) {
      return text;
    }
    throw TokenRefusedException.invalid("claim " + name);
  }
}
