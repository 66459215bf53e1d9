package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import java.util.Map;
import org.hibernate.annotations.JdbcTypeCode;
import org.hibernate.type.SqlTypes;

/** Which of an issuer's tokens become which robot's. */
@Entity
@Table(name = "trust_rule")
public class TrustRuleRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  @Column(name = "issuer_id")
  public long issuerId;

  @Column(name = "robot_id")
  public long robotId;

  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, String> claims;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();
}
