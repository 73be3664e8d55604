"""Questions to the services behind the gateway: one client a service, one method a question.

Read-only but for an operator's acts on parked keys, and always in somebody's scope. Every method raises
UnavailableError when the service does not answer, and QuestionRefusedError when it refuses the question.
"""

from services.gateway.questions.dashboard import DashboardQuestions
from services.gateway.questions.entitlements import EntitlementsQuestions
from services.gateway.questions.registration import RegistrationQuestions
from services.gateway.questions.service import ServiceQuestions
from services.gateway.questions.transport import HttpTransport, QuestionRefusedError, Transport, UnavailableError

__all__ = ["HttpTransport", "QuestionRefusedError", "Questions", "Transport", "UnavailableError"]


class Questions:
    """The clients of all services over one transport."""

    def __init__(self, transport: Transport) -> None:
        self._transport = transport
        # The gateway asks itself too: its status belongs on the operator's page like any other service's.
        self.gateway = ServiceQuestions("gateway", transport)
        self.registration = RegistrationQuestions("registration", transport)
        self.entitlements = EntitlementsQuestions("entitlements", transport)
        self.dashboard = DashboardQuestions("dashboard", transport)
        self.services: dict[str, ServiceQuestions] = {
            client.service: client for client in (self.gateway, self.registration, self.entitlements, self.dashboard)
        }

    async def close(self) -> None:
        """Close all connections."""
        await self._transport.close()
