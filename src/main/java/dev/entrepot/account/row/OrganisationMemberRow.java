package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.IdClass;
import jakarta.persistence.Table;
import java.time.Instant;

/** A user in an organisation. */
@Entity
@Table(name = "organisation_member")
@IdClass(OrganisationMemberRow.Key.class)
public class OrganisationMemberRow {
  @Id
  @Column(name = "organisation_id")
  public long organisationId;

  @Id
  @Column(name = "user_id")
  public long userId;

  public boolean owner;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();

  /** Both ids. */
  public record Key(long organisationId, long userId) {}
}
