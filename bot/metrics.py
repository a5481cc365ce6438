"""What is counted, labelled by platform and kind, never by person."""

from datetime import datetime

from prometheus_client import CollectorRegistry, Counter, Gauge, Histogram

from storage.enums import Platform
from storage.queries import outbox_care
from storage.queries.outbox import COUNTED

METRICS = CollectorRegistry()

received = Counter("bot_events_received_total", "Updates and events stored", ["platform"], registry=METRICS)
duplicates = Counter("bot_events_duplicate_total", "Updates and events seen before", ["platform"], registry=METRICS)
dropped = Counter("bot_events_dropped_total", "Events of accounts that send too many", ["platform"], registry=METRICS)
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
queued = Gauge("bot_outbox_rows", "Rows of the outbox by state", ["platform", "state"], registry=METRICS)
overdue = Gauge("bot_outbox_overdue_seconds", "How late the oldest due row is", ["platform"], registry=METRICS)
mails = Counter("bot_mails_total", "E-mails by what became of them", ["state"], registry=METRICS)
jobs = Counter("bot_jobs_total", "Notices queued by a tick", ["job"], registry=METRICS)
job_failures = Counter("bot_job_failures_total", "Ticks that failed", ["job"], registry=METRICS)


def show_outbox(platform: Platform, standing: outbox_care.Gauge, now: datetime) -> None:
    """Show what the outbox holds for a platform's token."""
    for state in COUNTED:
        queued.labels(platform, state).set(standing.rows.get(state, 0))
    late = (now - standing.first_due_at).total_seconds() if standing.first_due_at is not None else 0.0
    overdue.labels(platform).set(max(0.0, late))
