"""How long it takes from a declaration's arrival until it can be seen."""

from bisect import bisect_left
from collections.abc import Iterable, Sequence
from itertools import accumulate

from prometheus_client import REGISTRY
from prometheus_client.core import HistogramMetricFamily
from prometheus_client.registry import Collector, CollectorRegistry

_BOUNDS = (0.01, 0.025, 0.05, 0.1, 0.25, 0.5, 1, 2.5, 5, 10, 30, 60, 300)


class BatchHistogram(Collector):
    """A histogram that takes a whole batch at once: the client library's own costs ten times as much per value."""

    def __init__(self, name: str, meaning: str, bounds: Sequence[float], registry: CollectorRegistry) -> None:
        self._name = name
        self._meaning = meaning
        self._bounds = bounds
        self._counts = [0] * (len(bounds) + 1)
        self._sum = 0.0
        registry.register(self)

    def observe_many(self, seconds: Sequence[float]) -> None:
        """Count these durations; clocks that disagree count as no time at all."""
        bounds, counts = self._bounds, self._counts
        for value in seconds:
            counts[bisect_left(bounds, value)] += 1
        self._sum += sum(value for value in seconds if value > 0)

    def collect(self) -> Iterable[HistogramMetricFamily]:
        """Collect the cumulative counts that Prometheus reads."""
        edges = [*(f"{float(bound)}" for bound in self._bounds), "+Inf"]
        buckets = list(zip(edges, map(float, accumulate(self._counts)), strict=True))
        yield HistogramMetricFamily(self._name, self._meaning, buckets=buckets, sum_value=self._sum)


RECEIVED_TO_PROJECTED = BatchHistogram(
    "fla_received_to_projected_seconds",
    "From receiving a training's declaration to its row in the dashboard. p99 above 1 s in calm hours: look at the lag"
    " of each service on the way. A rebuild counts the age of everything.",
    _BOUNDS,
    REGISTRY,
)
