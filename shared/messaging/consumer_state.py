"""What a consumer knows of itself: for health, metrics and the operator's page."""

import time
from collections import Counter, deque
from collections.abc import Sequence

from shared.messaging.records import Record, runs
from shared.messaging.watermarks import TopicPartition

RATE_WINDOW_SECONDS = 60.0


class ConsumerState:
    """Progress, lag and throughput of one consumer, in memory."""

    def __init__(self, *, stall_seconds: float) -> None:
        self.next_offsets: dict[TopicPartition, int] = {}
        self.end_offsets: dict[TopicPartition, int] = {}
        self.stopped: str | None = None
        self.unreachable_since: float | None = None
        self.totals: Counter[str] = Counter()
        self._stall_seconds = stall_seconds
        self._recent: deque[tuple[float, str, int]] = deque()
        self._moved_at = time.monotonic()
        self._oldest_ms: dict[TopicPartition, int] = {}
        self._assigned = False

    def assign(self, marks: dict[TopicPartition, int]) -> None:
        """Note that these partitions, or none, are ours now, from these offsets on."""
        self.next_offsets = dict(marks)
        self._oldest_ms.clear()
        self._moved_at = time.monotonic()
        self._assigned = True

    def place(self, marks: dict[TopicPartition, int], *, first: bool) -> None:
        """Note that these partitions of ours are in their places now: the first of them, or more."""
        self.assign(marks) if first else self.next_offsets.update(marks)

    def revoke(self) -> None:
        """Note that no partition is ours until `assign` says otherwise, which should not take long."""
        self.assign({})
        self._assigned = False

    def wait(self) -> None:
        """Stop the clock: without Kafka or the database, time without progress does not count."""
        self._moved_at = time.monotonic()

    def begin(self, records: Sequence[Record]) -> None:
        """Note that a batch is being handled."""
        for tp, run in runs(records):
            if tp in self.next_offsets:
                self._oldest_ms[tp] = run[0].timestamp_ms
                self.end_offsets[tp] = max(self.end_offsets.get(tp, 0), run[-1].offset + 1)

    def end(self) -> None:
        """Note that the batch is done, or given back: then its records go on getting older."""
        lag = self.lag()
        self._oldest_ms = {tp: at for tp, at in self._oldest_ms.items() if tp in lag}

    def progressed(self, records: Sequence[Record], handled: int) -> None:
        """Note that these records are behind us; `handled` of them were new."""
        self._moved_at = time.monotonic()
        for tp, run in runs(records):
            if tp in self.next_offsets:  # else it has another owner by now
                self.next_offsets[tp] = run[-1].offset + 1
                self._oldest_ms[tp] = run[-1].timestamp_ms  # what follows came hardly later
            if handled:
                self.totals[tp[0]] += len(run)
                self._recent.append((self._moved_at, tp[0], len(run)))
        while self._recent and self._recent[0][0] < self._moved_at - RATE_WINDOW_SECONDS:
            self._recent.popleft()

    def stop(self, reason: str) -> None:
        """Give up until a person has looked."""
        self.stopped = reason

    def saw_end(self, ends: dict[TopicPartition, int]) -> None:
        """Note where Kafka's log ends now. Without lag there is nothing to stall on."""
        self.end_offsets = ends
        lag, now_ms = self.lag(), int(time.time() * 1000)
        self._oldest_ms = {tp: self._oldest_ms.get(tp, now_ms) for tp in lag}
        if (self._assigned and not lag) or self.unreachable_since is not None:
            self._moved_at = time.monotonic()
        self.unreachable_since = None

    def lost_kafka(self) -> None:
        """Note that Kafka did not answer."""
        self.unreachable_since = self.unreachable_since or time.monotonic()

    def lag(self) -> dict[TopicPartition, int]:
        """Count the records not handled yet, for partitions that have any."""
        return {
            tp: end - self.next_offsets[tp]
            for tp, end in self.end_offsets.items()
            if tp in self.next_offsets and end > self.next_offsets[tp]
        }

    def rates(self) -> dict[str, float]:
        """Measure records a second over the last minute: dict[topic, rate]."""
        horizon = time.monotonic() - RATE_WINDOW_SECONDS
        counts: Counter[str] = Counter()
        for at, topic, count in self._recent:
            if at >= horizon:
                counts[topic] += count
        return {topic: count / RATE_WINDOW_SECONDS for topic, count in counts.items()}

    def oldest_seconds(self) -> dict[str, float]:
        """Measure the age of the oldest record not handled yet, by topic: its own, or since it was seen to wait."""
        now_ms = time.time() * 1000
        oldest: dict[str, float] = {}
        for (topic, _), at in self._oldest_ms.items():
            oldest[topic] = max(oldest.get(topic, 0.0), (now_ms - at) / 1000)
        return oldest

    @property
    def stalled(self) -> bool:
        """Lag, or not even a place in the group, and no progress for too long, while Kafka is there."""
        return (
            self.unreachable_since is None
            and (not self._assigned or bool(self.lag()))
            and time.monotonic() - self._moved_at > self._stall_seconds
        )
