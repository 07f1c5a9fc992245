from projects.communication.models.items import (
    THROUGH_LEAD,
    AdoptionReading,
    CommunicationItem,
    CommunicationItemQuerySet,
    CommunicationSending,
    MessageChannel,
)

__all__ = [
    "THROUGH_LEAD",
    "AdoptionReading",
    "CommunicationItem",
    "CommunicationItemQuerySet",
    "CommunicationSending",
    "MessageChannel",
]
