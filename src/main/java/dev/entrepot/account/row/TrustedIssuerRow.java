package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** An issuer whose tokens may be exchanged. */
@Entity
@Table(name = "trusted_issuer")
public class TrustedIssuerRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  public String name;
  public String issuer;
  public String audience;

  @Column(name = "jwks_uri")
  public @Nullable String jwksUri;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();
}
