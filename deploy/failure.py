"""What stops a start: one clear sentence and what the person can do about it."""


class StartFailure(Exception):  # noqa: N818 - it names what happened, as people say it
    """The stack cannot be started (or stopped) and a person has to do something.

    `sentence` says what is wrong, `remedy` what to do about it; both are shown, no traceback is.
    """

    def __init__(self, sentence: str, remedy: str) -> None:
        super().__init__(sentence)
        self.sentence = sentence
        self.remedy = remedy
