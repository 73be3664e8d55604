"""`make check` takes less than a minute only as long as no unit test starts a server."""

import pytest


@pytest.mark.parametrize("server", ["kafka", "postgres", "own_servers", "stack"])
def test_a_unit_test_that_asks_for_a_server_fails(request: pytest.FixtureRequest, server: str) -> None:
    with pytest.raises(pytest.fail.Exception, match="tests/integration"):
        request.getfixturevalue(server)
