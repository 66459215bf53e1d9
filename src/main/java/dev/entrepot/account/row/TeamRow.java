package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;

/** A team of an organisation. */
@Entity
@Table(name = "team")
public class TeamRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  @Column(name = "organisation_id")
  public long organisationId;

  public String name;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();
}
