"""The failure of a command: one sentence that says what is wrong, and what the person can do about it."""


class StartFailure(Exception):  # noqa: N818 - it names what happened, as people say it
    """The error when the stack or a server cannot be started, prepared or stopped and a person has to act.

    `sentence` says what is wrong, `remedy` what to do about it; both are shown, no traceback is.
    """

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
