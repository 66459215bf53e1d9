package dev.entrepot.account.row;

import dev.entrepot.auth.Role;
import dev.entrepot.auth.Visibility;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** The first component of repositories' names: a user's, or an organisation's. */
@Entity
@Table(name = "namespace")
public class NamespaceRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  public String name;
  public String kind;

  @Column(name = "default_visibility")
  public Visibility defaultVisibility = Visibility.PRIVATE;

  @Column(name = "default_quota_bytes")
  public @Nullable Long defaultQuotaBytes;

  @Column(name = "quota_bytes")
  public @Nullable Long quotaBytes;

  @Column(name = "member_role")
  public @Nullable Role memberRole = Role.READ;

  @Column(name = "members_create")
  public boolean membersCreate = true;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();

  public static final String USER = "user";
  public static final String ORGANISATION = "organisation";
}
