"""What is counted, labelled by platform and kind, never by person."""

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

METRICS = CollectorRegistry()

received = Counter("bot_events_received_total", "Updates and events stored", ["platform"], registry=METRICS)
duplicates = Counter("bot_events_duplicate_total", "Updates and events seen before", ["platform"], registry=METRICS)
handled = Histogram(
    "bot_event_seconds", "From stored to committed", ["platform"], registry=METRICS,
    buckets=(0.005, 0.01, 0.02, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5),
)  # fmt: skip
sent = Counter("bot_messages_total", "Results of the outbox", ["platform", "kind", "state"], registry=METRICS)
waits = Counter("bot_platform_waits_total", "Times a platform said wait", ["platform", "scope"], registry=METRICS)
failures = Counter("bot_platform_failures_total", "Failed calls", ["platform", "failure"], registry=METRICS)
lateness = Histogram(
    "bot_message_lateness_seconds", "From due to sent", ["platform", "priority"], registry=METRICS,
    buckets=(0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 15, 60, 300, 3600),
)  # fmt: skip
queued = Gauge("bot_outbox_rows", "Rows of the outbox by state", ["state"], registry=METRICS)
jobs = Counter("bot_jobs_total", "Notices queued by a tick", ["job"], registry=METRICS)
job_failures = Counter("bot_job_failures_total", "Ticks that failed", ["job"], registry=METRICS)
