package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A secret's hash, and what the secret is good for. */
@Entity
@Table(name = "access_token")
public class TokenRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  public byte[] hash;
  public String kind;

  @Column(name = "user_id")
  public @Nullable Long userId;

  @Column(name = "robot_id")
  public @Nullable Long robotId;

  /** Of the token that a refresh token was got with; null for one got without. */
  @Column(name = "parent_id")
  public @Nullable Long parentId;

  public String name;
  public String @Nullable [] actions;
  public String @Nullable [] repositories;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();

  @Column(name = "expires_at")
  public @Nullable Instant expiresAt;

  @Column(name = "last_used_at")
  public @Nullable Instant lastUsedAt;

  @Column(name = "revoked_at")
  public @Nullable Instant revokedAt;
}
