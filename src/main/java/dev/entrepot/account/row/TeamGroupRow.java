package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;

/** A group of an identity provider whose members are in a team. */
@Entity
@Table(name = "team_group")
@IdClass(TeamGroupRow.Key.class)
public class TeamGroupRow {
  @Id
  @Column(name = "team_id")
  public long teamId;

  @Id public String provider;

  @Id
  @Column(name = "external_group")
  public String group;

  /** All columns. */
  public record Key(long teamId, String provider, String group) {}
}
