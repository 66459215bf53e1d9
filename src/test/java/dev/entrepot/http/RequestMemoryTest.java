package dev.entrepot.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.entrepot.error.RegistryException;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class RequestMemoryTest {
  private final RequestMemory memory = new RequestMemory(100);
  private final List<String> gaveWay = new ArrayList<>();

  @Test
  void whatIsClosedIsGivenBack() {
    RequestMemory.Lease lease = lease("a");
    lease.grow(60);
    lease.grow(40);
    lease.close();
    lease.close();
    assertEquals(0, memory.used());
    assertEquals(List.of(), gaveWay);
  }

  @Test
  void whoStoodStillTheLongestGivesWay() {
    RequestMemory.Lease first = lease("first");
    first.grow(40);
    lease("second").grow(40);
    first.progress();
    lease("third").grow(40);
    assertEquals(List.of("second"), gaveWay);
    assertEquals(80, memory.used());
  }

  @Test
  void asManyGiveWayAsAreNeeded() {
    lease("a").grow(40);
    lease("b").grow(40);
    lease("c").grow(90);
    assertEquals(List.of("a", "b"), gaveWay);
  }

  @Test
  void whoHasGivenWayGetsNoMore() {
    RequestMemory.Lease first = lease("first");
    first.grow(60);
    lease("second").grow(60);
    assertThrows(RegistryException.class, () -> first.grow(1));
    assertEquals(60, memory.used());
  }

  @Test
  void whatDoesNotWaitForItsClientDoesNotGiveWay() {
    RequestMemory.Lease pinned = lease("pinned");
    pinned.grow(60);
    pinned.pin();
    pinned.progress();
    assertThrows(RegistryException.class, () -> lease("other").grow(60));
    assertEquals(List.of(), gaveWay);
  }

  @Test
  void moreThanThereIsIsRefused() {
    assertThrows(RegistryException.class, () -> lease("a").grow(101));
    assertEquals(0, memory.used());
  }

  @Test
  void contentThatSeveralHoldCountsOnce() {
    Object content = new Object();
    RequestMemory.Lease first = lease("first");
    RequestMemory.Lease second = lease("second");
    first.hold(content, 80, 5);
    second.hold(content, 80, 5);
    assertEquals(90, memory.used());
    first.close();
    assertEquals(85, memory.used());
    second.close();
    assertEquals(0, memory.used());
  }

  private RequestMemory.Lease lease(String name) {
    return memory.lease(() -> gaveWay.add(name));
  }
}
