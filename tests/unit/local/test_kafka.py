"""What Kafka reads otherwise than it was meant fails a start for no visible reason, or puts the data elsewhere."""

import uuid
from itertools import chain, repeat
from pathlib import Path
from unittest.mock import patch

from deploy.local.kafka import new_cluster_id, properties
from deploy.local.settings import Ports


def test_an_identifier_that_looks_like_an_option_is_not_used() -> None:
    bad, good = uuid.UUID(bytes=b"\xf8" + b"\x01" * 15), uuid.UUID(bytes=b"\x01" * 16)
    with patch("deploy.local.kafka.uuid.uuid4", side_effect=chain([bad, bad], repeat(good))):
        assert new_cluster_id() == "AQEBAQEBAQEBAQEBAQEBAQ"


def test_a_folder_is_written_so_that_java_reads_the_same_folder() -> None:
    written = properties(Ports(), Path("/tmp/été 😀/back\\slash"))
    assert "log.dirs=/tmp/\\u00e9t\\u00e9 \\ud83d\\ude00/back\\\\slash\n" in written
