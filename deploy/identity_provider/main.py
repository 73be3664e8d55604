"""`python -m deploy.identity_provider.main`: runs the demo identity provider until it gets a signal to stop."""

import sys

from deploy.identity_provider.app import create_app
from deploy.identity_provider.provider import DemoIdentityProvider
from deploy.identity_provider.settings import IdentityProviderSettings
from deploy.loopback_server import serve


def main() -> int:
    """Serve it. Exit code 2: the settings would open it to others, and it did not start."""
    return serve(
        "The demo identity provider",
        IdentityProviderSettings,
        lambda settings: create_app(DemoIdentityProvider.from_settings(settings), home=f"{settings.gateway}/"),
    )


if __name__ == "__main__":
    sys.exit(main())
