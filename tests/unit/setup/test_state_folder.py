"""Two starts at once would each make secrets and a database of their own, and one of them would be lost."""

import threading
from pathlib import Path

from deploy.setup.state_folder import exclusive


def test_the_second_waits_and_says_so_until_the_first_is_done(tmp_path: Path) -> None:
    order: list[str] = []
    waiting = threading.Event()

    def tell(text: str) -> None:
        order.append(text)
        waiting.set()

    def second() -> None:
        with exclusive(tmp_path, tell):
            order.append("second")

    with exclusive(tmp_path, order.append):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        order.append("first")
    thread.join(10)
    assert order == ["Another command is at work on this stack; waiting until it is done.", "first", "second"]


def test_whoever_waited_for_a_reset_has_the_new_folder_to_itself(tmp_path: Path) -> None:
    folder = tmp_path / "state"
    folder.mkdir()
    told: list[str] = []
    waiting = threading.Event()
    third_waits = threading.Event()

    def second() -> None:
        with exclusive(folder, lambda _: waiting.set()):
            with_third = threading.Thread(target=third)
            with_third.start()
            assert third_waits.wait(10)
            told.append("second")
        with_third.join(10)

    def third() -> None:
        with exclusive(folder, lambda _: third_waits.set()):
            told.append("third")

    with exclusive(folder, told.append):
        thread = threading.Thread(target=second)
        thread.start()
        assert waiting.wait(10)
        folder.rmdir()
        folder.mkdir()
    thread.join(20)
    assert told == ["second", "third"]


def test_where_nothing_was_ever_started_nothing_is_left_behind(tmp_path: Path) -> None:
    with exclusive(tmp_path / "never", print):
        pass
    with exclusive(tmp_path, print):
        assert not list(tmp_path.iterdir())
