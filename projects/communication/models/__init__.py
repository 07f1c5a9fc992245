from projects.communication.models.items import (
    THROUGH_LEAD,
    AdoptionReading,
    Channel,
    CommunicationItem,
    CommunicationItemQuerySet,
    CommunicationSending,
)

__all__ = [
    "THROUGH_LEAD",
    "AdoptionReading",
    "Channel",
    "CommunicationItem",
    "CommunicationItemQuerySet",
    "CommunicationSending",
]
