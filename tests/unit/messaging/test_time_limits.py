"""Limits that hang together: one that outgrows the next turns a slow hour into work that is begun over and over."""

import re
from pathlib import Path

import yaml

from deploy.local.services import STOP_SECONDS
from shared.http.service import CLOSING_SECONDS
from shared.messaging import batch_runner, consumer, runtime
from shared.messaging.producer import STOP_SECONDS as PRODUCER_SECONDS
from tests.support.messaging import settings

ROOT = Path(__file__).parents[3]
STALL_SECONDS = settings("127.0.0.1:1").stall_seconds
SESSION_SECONDS = 30.0


def test_a_batch_stays_far_from_what_throws_its_consumer_out_of_the_group() -> None:
    assert batch_runner.HELD_SECONDS + batch_runner.PIECE_SECONDS < consumer.POLL_SECONDS / 2


def test_the_smallest_piece_is_found_before_the_process_counts_as_stalled() -> None:
    pieces, spent = settings("127.0.0.1:1").batch_records, 0.0
    while pieces > 1:
        pieces //= batch_runner.SMALLER
        spent += batch_runner.PIECE_SECONDS
    assert spent <= STALL_SECONDS


def test_a_piece_ends_within_the_patience_of_a_rebalance() -> None:
    assert batch_runner.PIECE_SECONDS < consumer.REBALANCE_PATIENCE_SECONDS < SESSION_SECONDS


def test_who_stops_a_service_waits_until_its_batch_has_ended() -> None:
    assert batch_runner.PIECE_SECONDS < runtime.GRACEFUL_SECONDS
    ending = CLOSING_SECONDS + runtime.STOPPING_SECONDS + runtime.DRAIN_SECONDS + 2 * PRODUCER_SECONDS
    assert ending < STOP_SECONDS
    compose = yaml.safe_load((ROOT / "docker-compose.yml").read_text())
    for service in ("gateway", "registration", "entitlements", "dashboard"):
        assert int(compose["services"][service]["stop_grace_period"].removesuffix("s")) > ending


def test_every_test_that_the_table_of_hazards_names_is_there() -> None:
    named = set(re.findall(r"`(test_\w+)`", (ROOT / "docs" / "decisions" / "kafka-hazards.md").read_text()))
    tests = "\n".join(path.read_text() for path in (ROOT / "tests").rglob("messaging/test_*.py"))
    assert named
    assert {name for name in named if f"def {name}(" not in tests} == set()
