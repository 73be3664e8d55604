"""One start in sixty-four would fail without a reason that anybody could see."""

import uuid
from itertools import chain, repeat
from unittest.mock import patch

from deploy.local.kafka import new_cluster_id


def test_an_identifier_that_looks_like_an_option_is_not_used() -> None:
    bad, good = uuid.UUID(bytes=b"\xf8" + b"\x01" * 15), uuid.UUID(bytes=b"\x01" * 16)
    with patch("deploy.local.kafka.uuid.uuid4", side_effect=chain([bad, bad], repeat(good))):
        assert new_cluster_id() == "AQEBAQEBAQEBAQEBAQEBAQ"
