package dev.entrepot.account.row;

import jakarta.persistence.Column;
import jakarta.persistence.Entity;
import jakarta.persistence.Id;
import jakarta.persistence.Table;

/** What a repository's readers are told at length. */
@Entity
@Table(name = "repository_readme")
public class RepositoryReadmeRow {
  @Id
  @Column(name = "repository_id")
  public long repositoryId;

  public String markdown;
}
