package dev.entrepot.account;

import io.quarkus.hibernate.orm.panache.PanacheRepository;
import jakarta.inject.Singleton;

@Singleton
class TeamRows implements PanacheRepository<TeamRow> {}
