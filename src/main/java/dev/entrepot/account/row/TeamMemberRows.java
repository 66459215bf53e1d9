package dev.entrepot.account.row;

import io.quarkus.hibernate.orm.panache.PanacheRepositoryBase;
import jakarta.inject.Singleton;

@Singleton
public class TeamMemberRows implements PanacheRepositoryBase<TeamMemberRow, TeamMemberRow.Key> {}
