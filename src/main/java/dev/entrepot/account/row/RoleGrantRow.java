package dev.entrepot.account.row;

import dev.entrepot.auth.Role;
import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.GeneratedValue;
import jakarta.persistence.GenerationType;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A role of one grantee in a namespace or a repository. */
@Entity
@Table(name = "role_grant")
public class RoleGrantRow {
  @Id
  @GeneratedValue(strategy = GenerationType.IDENTITY)
  public long id;

  @Column(name = "namespace_id")
  public @Nullable Long namespaceId;

  @Column(name = "repository_id")
  public @Nullable Long repositoryId;

  @Column(name = "user_id")
  public @Nullable Long userId;

  @Column(name = "team_id")
  public @Nullable Long teamId;

  @Column(name = "robot_id")
  public @Nullable Long robotId;

  public Role role;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();
}
