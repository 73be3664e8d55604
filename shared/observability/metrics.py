"""The catalogue of metrics: each entry says what it means and what to do about it.

Labels are topics, partitions, services and states; never a person, an enterprise or a key.
"""

from prometheus_client import Counter, Gauge, Histogram

CONSUMED = Counter("fla_consumed_records", "Records handled and committed, by topic.", ["topic"])
RELAYED = Counter("fla_relayed_events", "Events of the outbox brought to Kafka, by topic.", ["topic"])
RELAY_FAILURES = Counter(
    "fla_relay_failures",
    "Failed attempts to relay. A steady rise: Kafka or the database is away; look at their health.",
)
BATCH_SECONDS = Histogram(
    "fla_batch_seconds",
    "Time to handle and commit one batch. Above 10: batches are too large for this database.",
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30),
)
BATCH_RECORDS = Histogram(
    "fla_batch_records", "Records per handled batch.", buckets=(1, 5, 10, 50, 100, 500, 1000, 2000, 4000)
)
HALVINGS = Counter("fla_batch_halvings", "Batches halved to find a culprit. Any rise: look at the parked records.")
BATCH_FAILURES = Counter(
    "fla_batch_failures",
    "Batches that failed for a reason that may pass, and were tried again. A steady rise: the database is in trouble.",
    ["error"],
)
PARKED = Counter("fla_parked_total_records", "Records parked. Any rise: look at the operator's page.", ["topic"])
PARKED_NOW = Gauge(
    "fla_parked_records", "Records parked now. Above 0: release or drop them on the operator's page.", ["topic"]
)
PARKED_KEYS = Gauge(
    "fla_parked_keys", "Keys with parked records: so many persons, enterprises or files stand still.", ["topic"]
)
LOST = Counter(
    "fla_lost_records",
    "Records that Kafka deleted before they were handled: the service was away longer than the topic keeps them."
    " Any rise: send the submissions of that time again.",
    ["topic"],
)
LAG = Gauge("fla_lag_records", "Records not handled yet. Rising for minutes: add a replica.", ["topic", "partition"])
OLDEST_SECONDS = Gauge(
    "fla_oldest_event_seconds",
    "Age of the oldest record not handled yet, 0 without lag. Rising: the consumer stands still.",
    ["topic"],
)
OUTBOX_ROWS = Gauge("fla_outbox_rows", "Transactions whose events are not known to be in Kafka. Rising: Kafka is away.")
OUTBOX_OLDEST_SECONDS = Gauge("fla_outbox_oldest_seconds", "Age of the oldest outbox row.")
END_TO_END_SECONDS = Histogram(
    "fla_received_to_handled_seconds",
    "From the event's own time to the commit that handled it, by topic. p99 above 1 s in calm hours: look at the lag.",
    ["topic"],
    buckets=(0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300),
)
FILES = Gauge(
    "fla_files_unfinished",
    "Batch files on their way, by state. `waiting` rising: files come faster than they are checked, add a replica;"
    " `processing` for long: Kafka is away or a service has parked records; `interrupted`: to be sent again.",
    ["state"],
)
HEALTH = Gauge("fla_health", "1 UP, 0.5 DEGRADED, 0 DOWN.")
REQUESTS = Histogram(
    "fla_request_seconds",
    "Time to answer an HTTP request, by route template, method and status class.",
    ["route", "method", "status"],
    buckets=(0.005, 0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10),
)
