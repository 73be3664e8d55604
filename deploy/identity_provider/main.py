"""`python -m deploy.identity_provider.main`: runs the demo identity provider until it is told to stop."""

import sys

import uvicorn
from pydantic import ValidationError

from deploy.identity_provider.app import create_app
from deploy.identity_provider.provider import Provider
from deploy.identity_provider.settings import IdentityProviderSettings
from shared.http.protocol import Protocol


def main() -> int:
    """Exit code 2: the settings would open it to others, and it did not start."""
    try:
        settings = IdentityProviderSettings()
    except ValidationError as error:
        for problem in error.errors():
            print(f"The demo identity provider did not start: {problem['msg']}", file=sys.stderr)
        return 2
    uvicorn.run(
        create_app(Provider.from_settings(settings), home=f"{settings.gateway}/"),
        http=Protocol,
        host=settings.identity_provider_host,
        port=settings.port,
        log_level=settings.log_level.lower(),
        access_log=False,
        proxy_headers=False,
        server_header=False,
    )
    return 0


if __name__ == "__main__":
    sys.exit(main())
