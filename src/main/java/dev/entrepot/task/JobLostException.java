package dev.entrepot.task;

/** Another server has taken the job over: what this one has found out since is not kept. */
public final class JobLostException extends RuntimeException {
  JobLostException(String job) {
    super("the job " + job + " is another server's by now");
  }
}
