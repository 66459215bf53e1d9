package dev.entrepot.account.row;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

@Singleton
public class TeamGroupRows implements PanacheRepositoryBase<TeamGroupRow, TeamGroupRow.Key> {}
