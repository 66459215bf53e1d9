package dev.entrepot.blob;

import dev.entrepot.storage.PresignedRead;
import dev.entrepot.storage.StorageKey;
import java.net.URI;
import java.util.Optional;

/**
 * Makes URLs by which whoever has one can read a whole blob for a time, without credentials and
 * without asking here again. Called for every large pull: must not ask the network.
 */
interface BlobUrls {
  /**
   * The URL.
   *
   * @param read what the answer shall be like, as far as can be said in such a URL
   * @return empty when the bytes can only be had from here
   */
  Optional<URI> url(StorageKey key, PresignedRead read);
}
