package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A user in a team, brought by a provider's groups, or by hand. */
@Entity
@Table(name = "team_member")
@IdClass(TeamMemberRow.Key.class)
public class TeamMemberRow {
  @Id
  @Column(name = "team_id")
  public long teamId;

  @Id
  @Column(name = "user_id")
  public long userId;

  @Id public String provider;

  /** What {@code provider} is for members added by hand. */
  public static final String BY_HAND = "";

  /** All columns. */
  public record Key(long teamId, long userId, String provider) {}
}
