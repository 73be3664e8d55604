"""If these failed, the operator would trust a wrong answer to "how long until it is visible?"."""

from prometheus_client import CollectorRegistry, generate_latest

from services.dashboard.projections.latency import BatchHistogram


def test_every_duration_is_counted_in_its_bucket_and_in_all_wider_ones() -> None:
    registry = CollectorRegistry()
    histogram = BatchHistogram("visible_seconds", "Time.", (0.5, 1, 5), registry)

    histogram.observe_many([0.1, 0.5, 0.7])
    histogram.observe_many([3.0, 100.0])

    text = generate_latest(registry).decode()
    assert 'visible_seconds_bucket{le="0.5"} 2.0' in text
    assert 'visible_seconds_bucket{le="1.0"} 3.0' in text
    assert 'visible_seconds_bucket{le="5.0"} 4.0' in text
    assert 'visible_seconds_bucket{le="+Inf"} 5.0' in text
    assert "visible_seconds_count 5.0" in text
    assert "visible_seconds_sum 104.3" in text


def test_clocks_that_disagree_never_make_the_sum_smaller() -> None:
    registry = CollectorRegistry()
    histogram = BatchHistogram("visible_seconds", "Time.", (0.5,), registry)

    histogram.observe_many([-2.0, 0.25])

    assert "visible_seconds_sum 0.25" in generate_latest(registry).decode()
    assert 'visible_seconds_bucket{le="0.5"} 2.0' in generate_latest(registry).decode()
