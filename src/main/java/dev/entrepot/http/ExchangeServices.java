package dev.entrepot.http;

import dev.entrepot.event.AuditNotes;
import java.util.concurrent.Executor;

/**
 * What every exchange needs of the server.
 *
 * @param settings limits
 * @param virtualThreads where blocking work goes
 * @param budget memory for bodies on their way to the store
 * @param memory memory for what clients read or send slowly
 * @param recorder access log and metrics
 * @param forwarding where requests come from
 * @param notes for the audit log
 */
record ExchangeServices(
    HttpSettings settings,
    Executor virtualThreads,
    ByteBudget budget,
    RequestMemory memory,
    RequestRecorder recorder,
    Forwarding forwarding,
    AuditNotes notes) {}
