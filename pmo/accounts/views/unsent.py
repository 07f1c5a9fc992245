"""What was typed and not saved: kept while somebody types, handed out to the page that it was typed on."""

from http import HTTPStatus

from django.http import HttpResponse, JsonResponse
from django.utils import timezone
from django.views.decorators.http import require_http_methods, require_POST

from pmo.accounts import services, words
from pmo.accounts.decorators import requires
from pmo.accounts.http import PageRequest
from pmo.accounts.page_notes import sent_note, shown_note
from pmo.accounts.permissions import Permission
from pmo.accounts.selectors import unsent_words
from pmo.common.records.writing import ClashError, RefusalError


@require_http_methods(["GET", "POST"])
@requires(Permission.WORDS_KEEP)
def unsent(request: PageRequest) -> HttpResponse:
    """Keep the form named `form`; asked with GET, return what is kept of the page of the note."""
    return _keep(request) if request.method == "POST" else _kept(request)


def _kept(request: PageRequest) -> JsonResponse:
    note = shown_note(request)
    if note is None or note.person != request.user.pk:
        return JsonResponse({"forms": []})
    rows = unsent_words(request.user, address=note.path, now=timezone.now())
    return JsonResponse(
        {
            "forms": [
                {"form": row.form, "said": words.words_offered(row.at), "typed": row.typed}
                for row in rows
            ]
        }
    )


def _keep(request: PageRequest) -> JsonResponse:
    note = sent_note(request)
    if note is None or note.person != request.user.pk:
        return JsonResponse({"problem": words.OF_ANOTHER}, status=HTTPStatus.CONFLICT)
    typed = {name: request.POST.getlist(name) for name in request.POST}
    try:
        kept = services.keep_words(
            by=request.user, address=note.path, form=request.GET.get("form", ""), typed=typed
        )
    except ClashError as clash:
        return JsonResponse({"problem": str(clash)}, status=HTTPStatus.SERVICE_UNAVAILABLE)
    except RefusalError as refusal:
        return JsonResponse({"problem": str(refusal)}, status=HTTPStatus.UNPROCESSABLE_ENTITY)
    return JsonResponse({"said": words.words_kept(kept.at), "refused": kept.refused})


@require_POST
@requires(Permission.WORDS_KEEP)
def unsent_discard(request: PageRequest) -> HttpResponse:
    """Throw away what is kept of one form."""
    note = sent_note(request)
    if note is not None and note.person == request.user.pk:
        services.end_words(by=request.user, address=note.path, form=request.GET.get("form", ""))
    return HttpResponse(status=HTTPStatus.NO_CONTENT)
