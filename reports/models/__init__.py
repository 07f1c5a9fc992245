from reports.models.documents import (
    Delivery,
    DeliveryState,
    Subscription,
    Summary,
    SummaryReading,
    SummaryState,
    VarianceReport,
)
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
]
