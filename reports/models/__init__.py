from reports.models.documents import (
    Delivery,
    DeliveryState,
    DocumentKind,
    Enclosure,
    Subscription,
    Summary,
    SummaryReading,
    SummaryState,
    VarianceReport,
)
from reports.models.scopes import columns_of, scope_of
from reports.models.snapshots import (
    Freeze,
    FreezeKind,
    FrozenMilestone,
    Snapshot,
    SnapshotQuerySet,
    VoidedFreeze,
)

__all__ = [
    "Delivery",
    "DeliveryState",
    "DocumentKind",
    "Enclosure",
    "Freeze",
    "FreezeKind",
    "FrozenMilestone",
    "Snapshot",
    "SnapshotQuerySet",
    "Subscription",
    "Summary",
    "SummaryReading",
    "SummaryState",
    "VarianceReport",
    "VoidedFreeze",
    "columns_of",
    "scope_of",
]
