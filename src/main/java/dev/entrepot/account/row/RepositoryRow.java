package dev.entrepot.account.row;

import dev.entrepot.auth.Visibility;
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
import org.jspecify.annotations.Nullable;

/** The settings of a repository; its content is not managed here. */
@Entity
@Table(name = "repository")
public class RepositoryRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  public String name;

  /** Made by the database of the name. */
  @Column(insertable = false, updatable = false)
  public @Nullable String namespace;

  public Visibility visibility;
  public String description;

  @JdbcTypeCode(SqlTypes.JSON)
  public Map<String, String> labels;

  @Column(name = "quota_bytes")
  public @Nullable Long quotaBytes;

  /** What becomes of manifests without a tag; null is as the server's setting says. */
  public @Nullable String untagged;

  @Column(name = "created_at")
  public Instant createdAt;
}
