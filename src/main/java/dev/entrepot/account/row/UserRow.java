package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;
import java.time.Instant;
import org.jspecify.annotations.Nullable;

/** A person. The id, and with it the name, is that of the namespace. */
@Entity
@Table(name = "user_account")
public class UserRow {
  @Id public long id;
  public @Nullable String email;
  public @Nullable String password;
  public boolean administrator;

  @Column(name = "disabled_at")
  public @Nullable Instant disabledAt;

  @Column(name = "created_at")
  public Instant createdAt = Clock.now();
}
