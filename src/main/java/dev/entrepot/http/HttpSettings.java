package dev.entrepot.http;

import dev.entrepot.config.EntrepotConfig;
import java.time.Duration;

/**
 * The settings of an exchange, read once at start.
 *
 * @param bodyBuffer bytes of one body that may wait for the store
 * @param minRate bytes per second that a body must bring; 0 for no limit
 * @param minRateWindow time over which it is measured
 * @param drainLimit bytes of a refused body that are read and dropped
 * @param drainTimeout time for that
 * @param maxPipelinedRequests of one connection, that wait for their answers
 */
record HttpSettings(
    long bodyBuffer,
    long minRate,
    Duration minRateWindow,
    long drainLimit,
    Duration drainTimeout,
    int maxPipelinedRequests) {
  static HttpSettings of(EntrepotConfig config) {
    return new HttpSettings(
        config.upload().bufferSize().asLongValue(),
        config.upload().minRate().asLongValue(),
        config.upload().minRateWindow(),
        config.http().drainLimit().asLongValue(),
        config.http().drainTimeout(),
        config.http().maxPipelinedRequests());
  }
}
