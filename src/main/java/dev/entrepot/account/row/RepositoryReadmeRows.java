package dev.entrepot.account.row;

import io.quarkus.hibernate.orm.panache.PanacheRepository;
import jakarta.inject.Singleton;

@Singleton
public class RepositoryReadmeRows implements PanacheRepository<RepositoryReadmeRow> {}
