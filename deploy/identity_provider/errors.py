"""OAuth 2 errors (RFC 6749 sections 4.1.2.1 and 5.2)."""


class OAuthError(Exception):
    """The refusal that is answered to the client: the error's code and a sentence for its developer."""

    def __init__(self, error: str, description: str, status: int = 400) -> None:
        super().__init__(f"{error}: {description}")
        self.error = error
        self.description = description
        self.status = status


class UntrustedRequestError(Exception):
    """The error when the client or its redirect address is unknown: the browser is sent nowhere (RFC 6749, 4.1.2.1)."""
