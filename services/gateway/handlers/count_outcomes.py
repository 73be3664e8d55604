"""Counts what was decided on each submission, and stores what was not plainly accepted."""

import json
from collections import defaultdict
from collections.abc import Sequence
from typing import Any

from services.gateway.intake import used_references
from services.gateway.vault.name_versions import decide
from shared.messaging.records import Work

SEEN = """
insert into outcome_event (id) select * from unnest($1::uuid[]) on conflict do nothing returning id::text
"""

KEEP = """
insert into submission_item (submission, line, reference, status, anomalies)
select s, l, null, t, a::jsonb from unnest($1::uuid[], $2::int[], $3::text[], $4::text[]) as n(s, l, t, a)
on conflict do nothing
"""

COUNT = """
with n as (
  select * from unnest($1::uuid[], $2::int[], $3::int[], $4::int[], $5::int[])
    as n(id, accepted, warned, unchanged, refused)
), locked as (
  select s.id from submission s where s.id in (select id from n) order by s.id for update
)
update submission s set
  accepted = s.accepted + n.accepted, warned = s.warned + n.warned,
  unchanged = s.unchanged + n.unchanged, refused = s.refused + n.refused,
  completed_at = case
    when s.declared <= s.accepted + s.warned + s.unchanged + s.refused + n.accepted + n.warned + n.unchanged + n.refused
    then coalesce(s.completed_at, $6) else s.completed_at end
from n join locked using (id) where s.id = n.id
"""

# An employment that was refused never was: what intake assumed of it goes.
FORGET = """
delete from employment e using unnest($1::uuid[], $2::int[]) as n(submission, line)
where e.version = 0 and e.submission = n.submission and e.line = n.line
"""

# A cancellation that was refused leaves its employment standing.
STANDS = """
update employment e set cancelled_by = null, cancelled_by_line = null
from unnest($1::uuid[], $2::int[]) as n(submission, line)
where e.cancelled_by = n.submission and e.cancelled_by_line = n.line
"""

_COLUMN = {"accepted": 0, "acceptedWithWarnings": 1, "unchanged": 2, "refused": 3}


async def count_outcomes(work: Work, events: Sequence[Any]) -> None:
    """Count outcome events, each once however often it arrives, and store what was not plainly accepted."""
    fresh = {row["id"] for row in await work.connection.fetch(SEEN, sorted({event["id"] for event in events}))}
    counts: dict[str, list[int]] = defaultdict(lambda: [0, 0, 0, 0])
    items: list[tuple[str, int, str, str]] = []
    named: dict[str, list[tuple[int, bool]]] = defaultdict(list)
    for event in events:
        if event["id"] not in fresh:
            continue
        fresh.discard(event["id"])
        decision = event["data"]
        count = counts[decision["submission"]]
        count[0] += len(decision["accepted"])
        named[decision["submission"]] += [(line, True) for line in decision["accepted"]]
        for item in decision.get("others", ()):
            count[_COLUMN[item["status"]]] += 1
            named[decision["submission"]].append((item["line"], item["status"] != "refused"))
            items.append((decision["submission"], item["line"], item["status"], json.dumps(item["anomalies"])))
    if items:
        await work.connection.execute(KEEP, *map(list, zip(*items, strict=True)))
        refused = [(submission, line) for submission, line, status, _ in items if status == "refused"]
        for statement in (FORGET, STANDS, used_references.FREE) if refused else ():
            await work.connection.execute(statement, *map(list, zip(*refused, strict=True)))
    if counts:
        # Before they are counted: whoever sees that a declaration is decided sees the name that it gave.
        await decide(work.connection, named)
        rows = [(submission, *count) for submission, count in sorted(counts.items())]
        await work.connection.execute(COUNT, *map(list, zip(*rows, strict=True)), work.now)
