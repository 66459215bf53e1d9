package dev.entrepot.account;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

@Singleton
class TeamGroupRows implements PanacheRepositoryBase<TeamGroupRow, TeamGroupRow.Key> {}
