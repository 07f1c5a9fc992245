"""Say who gets which document of which scope by mail."""

from pmo.accounts.models import User
from pmo.accounts.permissions import Permission
from pmo.accounts.policy import can
from pmo.common.records.writing import RefusalError, add, all_or_nothing, remove
from reports.domain.scope import ReportScope
from reports.models import DocumentKind, Subscription, columns_of

NEEDED = {
    DocumentKind.SUMMARY: Permission.SUMMARY_VIEW,
    DocumentKind.VARIANCE: Permission.DASHBOARD_VIEW,
}
DOCUMENTS = {DocumentKind.SUMMARY: "summaries", DocumentKind.VARIANCE: "variance reports"}


@all_or_nothing
def subscribe(
    *,
    scope: ReportScope,
    user: User,
    by: User | None,
    document: DocumentKind = DocumentKind.SUMMARY,
) -> Subscription:
    """Let somebody get a document of each week; returns the present subscription if there is one."""
    known = Subscription.objects.of_scope(scope.key).filter(document=document, user=user).first()
    if known:
        return known
    if not user.is_active or not can(user, NEEDED[document]).allowed:
        raise RefusalError(
            f"{user} may not open {DOCUMENTS[document]}. Give that person a role first."
        )
    if user.email is None:
        raise RefusalError(f"{user} has no address to send mail to. Add one first.")
    return add(
        Subscription(**columns_of(scope.key), document=document, user=user),
        by=by,
        action="subscription.created",
    )


@all_or_nothing
def subscribe_to_all(
    *,
    scopes: list[ReportScope],
    documents: list[DocumentKind],
    user: User,
    by: User | None,
) -> None:
    """Let somebody get each of these documents of each of these scopes, or none of them."""
    for scope in scopes:
        for document in documents:
            subscribe(scope=scope, user=user, by=by, document=document)


@all_or_nothing
def unsubscribe(*, subscription: Subscription, by: User | None) -> None:
    remove(subscription, by=by, action="subscription.removed")
