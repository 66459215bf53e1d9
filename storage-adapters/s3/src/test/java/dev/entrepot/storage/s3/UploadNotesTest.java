package dev.entrepot.storage.s3;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.entrepot.storage.BlobKeys;
import dev.entrepot.storage.Digest;
import dev.entrepot.storage.DigestAlgorithm;
import java.util.List;
import java.util.Optional;
import java.util.UUID;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class UploadNotesTest {
  private static final UUID ID = UUID.randomUUID();
  private static final UploadNotes.Tail TAIL =
      new UploadNotes.Tail(SideObjects.newTail(ID), 4_000_000);

  private static void assertReadBack(UploadNotes notes) {
    assertEquals(Optional.of(notes), UploadNotes.parse(notes.toText()));
  }

  @Test
  void notesOfASmallUploadAreReadBack() {
    assertReadBack(
        new UploadNotes(Optional.empty(), TAIL, Optional.empty(), Optional.empty(), List.of()));
  }

  @Test
  void notesOfALargeUploadAreReadBack() {
    var started =
        new Multipart.Started(
            BlobKeys.unnamed(ID), "an id/with+all = that", SideObjects.newMarker(ID));
    var notes =
        new UploadNotes(
            Optional.of(Digest.ofContent(DigestAlgorithm.SHA512, new byte[1])),
            TAIL,
            Optional.of(SideObjects.newTail(ID)),
            Optional.of(started),
            List.of(new Multipart.Stored(8 << 20, "e1"), new Multipart.Stored(5 << 20, "e2")));
    assertReadBack(notes);
    assertEquals(4_000_000 + (13 << 20), notes.size());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "\n", "sha256:00", "part 1 e\n"})
  void notesOfOtherStoresAreNone(String other) {
    assertEquals(Optional.empty(), UploadNotes.parse(other));
  }
}
