"""One item of a meeting, worked by keyboard: interests, votes, what was decided, and on to the next."""

from collections.abc import Callable
from typing import Any

from django.http import HttpResponse, HttpResponseRedirect
from django.template.response import TemplateResponse
from django.urls import reverse
from django.views.decorators.http import require_http_methods, require_POST, require_safe

from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.permissions import Permission
from pmo.common.page.editing import edit_page
from portfolio.governance.domain.kinds import Purpose
from portfolio.governance.domain.voting import open_outcomes
from portfolio.governance.forms.committees import AgendaItemForm, PaperForm
from portfolio.governance.forms.decisions import (
    InterestForm,
    OwnVoteForm,
    PassForm,
    RatifyForm,
    RulingForm,
    VotesForm,
)
from portfolio.governance.models import AgendaItem, AgendaPaper
from portfolio.governance.selectors import people
from portfolio.governance.selectors.pages import ItemCount, count_of, items_of
from portfolio.governance.selectors.seating import rules_of
from portfolio.governance.services import items as services
from portfolio.governance.services import meetings
from portfolio.governance.views import frame
from portfolio.governance.words import committees as words
from projects.views.frame import Action


@require_safe
@requires(Permission.COMMITTEE_VIEW, AgendaItem)
def item(request: PageRequest, item: AgendaItem) -> TemplateResponse:
    count, user = count_of(item), request.user
    neighbors = items_of(item.meeting, user)
    place = [one.pk for one in neighbors].index(item.pk)
    rules = rules_of(item.meeting.committee)
    is_at_work = item.meeting.is_open and not item.is_over
    may_run = frame.may(user, Permission.MEETING_RUN, item.meeting.committee)
    votes = {one.person_id: one for one in item.votes.all()}
    context = {
        "item": item,
        "decision": item.decision,
        "count": count,
        "lede": words.item_lede(item, count),
        "is_stuck": is_at_work and not count.quorum.is_reached,
        "rows": [(one, one.may_vote(rules), votes.get(one.person)) for one in count.members],
        "interests": item.interests.select_related("person").order_by("pk"),
        "papers": item.papers.order_by("pk"),
        "following": neighbors[place + 1] if place + 1 < len(neighbors) else None,
        "place": words.place_of(place + 1, len(neighbors)),
        "steps": _steps(item, count) if may_run and is_at_work else [],
        "own_form": OwnVoteForm() if is_at_work and _may_vote(count, user.pk, item) else None,
        "actions": _actions(item)
        if may_run and not item.is_over and not item.meeting.is_closed
        else [],
        "crumbs": frame.to_meeting(item.meeting),
    } | frame.gate_part(user, item.decision)
    return TemplateResponse(request, "governance/item.html", context)


def _may_vote(count: ItemCount, person: int, item: AgendaItem) -> bool:
    rules = rules_of(item.meeting.committee)
    return any(one.person == person and one.may_vote(rules) for one in count.members)


def _url(name: str, item: AgendaItem) -> str:
    return reverse(f"governance:{name}", args=[item.pk])


def _steps(item: AgendaItem, count: ItemCount) -> list[Action]:
    """Return what comes next, the one that is due first: it has the focus."""
    is_ratified = item.purpose == Purpose.RATIFY
    decide = Action(
        words.RATIFY if is_ratified else words.DECIDE,
        _url("item_ratify" if is_ratified else "item_decide", item),
        "gavel",
    )
    votes = Action(words.RECORD_VOTES, _url("item_votes", item), "users")
    interest = Action(words.DECLARE_INTEREST, _url("item_interest", item), "scale")
    passing = Action(words.NO_DECISION, _url("item_pass", item), "minus")
    if not count.quorum.is_reached:
        return [passing, interest]
    has_votes = count.votes.cast or count.votes.abstain
    return [decide, votes, interest, passing] if has_votes else [votes, interest, decide, passing]


def _actions(item: AgendaItem) -> list[Action]:
    return [
        Action("Edit", _url("item_edit", item), "pencil"),
        Action(words.ADD_PAPER, _url("paper_new", item), "paperclip"),
    ]


def _edit(
    request: PageRequest, item: AgendaItem, *, form: Any, save: Callable[[Any], Any], **page: Any
) -> HttpResponse:
    return edit_page(
        request,
        form=form,
        save=save,
        sub=str(item.decision.question),
        cancel_url=item.get_absolute_url(),
        back=item.get_absolute_url(),
        crumbs=[*frame.to_meeting(item.meeting)],
        **page,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, AgendaItem)
def item_edit(request: PageRequest, item: AgendaItem) -> HttpResponse:
    meeting = item.meeting
    form = AgendaItemForm(
        request.POST or None,
        instance=item,
        people=people.around(meeting.committee, meeting.day, item.decision.project),
        members=people.sitting(meeting.committee, meeting.day),
    )
    return _edit(
        request,
        item,
        form=form,
        save=lambda form: meetings.change_item(
            item=item, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.EDIT_ITEM,
        submit=words.SAVE_ITEM,
        done=words.ITEM_SAVED,
    )


@require_POST
@requires(Permission.MEETING_RUN, AgendaItem)
def item_up(request: PageRequest, item: AgendaItem) -> HttpResponseRedirect:
    return frame.act(
        request,
        lambda: meetings.move_item_up(item=item, by=request.user),
        words.ITEM_SAVED,
        item.meeting.get_absolute_url(),
    )


@require_POST
@requires(Permission.MEETING_RUN, AgendaItem)
def item_remove(request: PageRequest, item: AgendaItem) -> HttpResponseRedirect:
    back = item.meeting.get_absolute_url()
    return frame.act(
        request,
        lambda: meetings.take_off_agenda(item=item, by=request.user),
        words.ITEM_REMOVED,
        back,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, AgendaItem)
def paper_new(request: PageRequest, item: AgendaItem) -> HttpResponse:
    form = PaperForm(request.POST or None, instance=AgendaPaper(item=item))
    return _edit(
        request,
        item,
        form=form,
        save=lambda form: meetings.add_paper(item=item, by=request.user, **form.changes()),
        title=words.ADD_PAPER,
        submit=words.ADD_PAPER,
        done=words.PAPER_ADDED,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, AgendaItem)
def item_interest(request: PageRequest, item: AgendaItem) -> HttpResponse:
    members = people.sitting(item.meeting.committee, item.meeting.day)
    return _edit(
        request,
        item,
        form=InterestForm(request.POST or None, instance=item, members=members),
        save=lambda form: services.declare_interest(
            item=item, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.DECLARE_INTEREST,
        submit=words.DECLARE_INTEREST,
        done=words.INTEREST_DECLARED,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, AgendaItem)
def item_votes(request: PageRequest, item: AgendaItem) -> HttpResponse:
    """Record the votes of all who may vote; the keys alone do: arrows choose, Tab leads on."""
    rules, members = rules_of(item.meeting.committee), count_of(item).members
    own = {one.person_id for one in item.votes.all() if one.recorded_by_id == one.person_id}
    voters = [one for one in members if one.may_vote(rules)]
    form = VotesForm(
        request.POST or None, instance=item, voters=voters, own=own - {request.user.pk}
    )
    return _edit(
        request,
        item,
        form=form,
        save=lambda form: services.record_votes(
            item=item, version=form.opened_version(), by=request.user, ballots=form.ballots()
        ),
        title=words.RECORD_VOTES,
        submit=words.RECORD_VOTES,
        done=words.VOTES_RECORDED,
        template="governance/votes.html",
        stand=words.item_lede(item, count_of(item)),
    )


@require_http_methods(["POST"])
@requires(Permission.VOTE_CAST, AgendaItem)
def item_vote(request: PageRequest, item: AgendaItem) -> HttpResponse:
    return _edit(
        request,
        item,
        form=OwnVoteForm(request.POST),
        save=lambda form: services.cast_vote(item=item, by=request.user, ballot=form.ballot()),
        title=words.CAST_VOTE,
        submit=words.CAST_VOTE,
        done=words.VOTE_CAST,
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, AgendaItem)
def item_decide(request: PageRequest, item: AgendaItem) -> HttpResponse:
    count = count_of(item)
    form = RulingForm(
        request.POST or None,
        instance=item.decision,
        outcomes=open_outcomes(count.quorum, count.votes),
        owners=people.owners_for(item.decision, item.meeting.day),
    )
    return _edit(
        request,
        item,
        form=form,
        save=lambda form: services.decide_item(
            item=item, version=None, by=request.user, ruling=form.ruling()
        ),
        title=words.DECIDE,
        submit=words.DECIDE,
        done=words.DECIDED,
        template="governance/votes.html",
        stand=words.item_lede(item, count),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, AgendaItem)
def item_ratify(request: PageRequest, item: AgendaItem) -> HttpResponse:
    return _edit(
        request,
        item,
        form=RatifyForm(request.POST or None, instance=item),
        save=lambda form: services.ratify_item(
            item=item, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.RATIFY,
        submit=words.RATIFY,
        done=words.RATIFIED,
        template="governance/votes.html",
        stand=words.item_lede(item, count_of(item)),
    )


@require_http_methods(["GET", "POST"])
@requires(Permission.MEETING_RUN, AgendaItem)
def item_pass(request: PageRequest, item: AgendaItem) -> HttpResponse:
    return _edit(
        request,
        item,
        form=PassForm(request.POST or None, instance=item),
        save=lambda form: services.pass_over(
            item=item, version=form.opened_version(), by=request.user, **form.changes()
        ),
        title=words.NO_DECISION,
        submit=words.NO_DECISION,
        done=words.PASSED_OVER,
        template="governance/votes.html",
        stand=words.item_lede(item, count_of(item)),
    )
