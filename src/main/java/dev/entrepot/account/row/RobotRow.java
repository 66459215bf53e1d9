package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A program of an organisation. */
@Entity
@Table(name = "robot")
public class RobotRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  @Column(name = "organisation_id")
  public long organisationId;

  public String name;
  public String description;

  @Column(name = "expires_at")
  public @Nullable Instant expiresAt;

  @Column(name = "disabled_at")
  public @Nullable Instant disabledAt;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();
}
