package dev.entrepot;

import java.time.Duration;
import org.awaitility.Awaitility;
import org.junit.platform.launcher.LauncherSession;
import org.junit.platform.launcher.LauncherSessionListener;

/** How long tests await what is sure to come: also on a machine that has much else to do. */
public final class Patience implements LauncherSessionListener {
  @Override
  public void launcherSessionOpened(LauncherSession session) {
    bePatient();
  }

  /** For a test within the application, which Quarkus gives classes of its own. */
  public static void bePatient() {
    Awaitility.setDefaultTimeout(Duration.ofMinutes(1));
  }
}
