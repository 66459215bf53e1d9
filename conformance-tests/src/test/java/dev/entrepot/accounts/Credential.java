package dev.entrepot.accounts;

/** What people and machines sign in with. */
enum Credential {
  PASSWORD {
    @Override
    Holder create(Accounts accounts) {
      Login user = accounts.newUser();
      return new Holder(user, user.name());
    }
  },
  PERSONAL_TOKEN {
    @Override
    Holder create(Accounts accounts) {
      Login user = accounts.newUser();
      return new Holder(accounts.newToken(user).login(), user.name());
    }
  },
  ROBOT {
    @Override
    Holder create(Accounts accounts) {
      String organisation = accounts.newOrganisation(Accounts.ADMINISTRATOR);
      Login robot = accounts.newRobot(organisation);
      accounts.grantInOrganisation(organisation, robot, "write");
      return new Holder(robot, organisation);
    }
  };

  /**
   * Somebody with such a credential.
   *
   * @param namespace where they may push and pull
   */
  record Holder(Login login, String namespace) {}

  /** Somebody new. */
  abstract Holder create(Accounts accounts);
}
