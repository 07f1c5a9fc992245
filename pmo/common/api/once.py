"""A call that carries a key is done once, and answered alike however often it is sent."""

import json
from collections.abc import Callable
from functools import partial
from typing import Any

from drf_spectacular.utils import OpenApiParameter
from rest_framework import exceptions, status
from rest_framework.permissions import SAFE_METHODS
from rest_framework.request import Request
from rest_framework.response import Response
from rest_framework.views import APIView

from pmo.common.api.bodies import AnyTextRenderer
from pmo.common.models import Submission
from pmo.common.records import once

HEADER = "Idempotency-Key"
REPLAYED = "Idempotency-Replayed"
LONGEST_KEY = 200
LONGEST_ANSWER = 256 * 1024  # characters kept of an answer
PARAMETER = OpenApiParameter(
    name=HEADER,
    location=OpenApiParameter.HEADER,
    description=(
        "A key of your own, new for each call that is meant to have an effect of its own. The same"
        " call sent again under it within two days has no second effect and gets the first answer"
        f" again, with {REPLAYED}: true. The same key with another body answers 422."
    ),
)
NO_KEY = f"{HEADER} takes 1 to {LONGEST_KEY} printable characters without spaces."
OTHER_BODY = (
    f"This {HEADER} came with another body before, and that was done. Send what is new under a key"
    " of its own."
)
TOO_LONG = "This was done already. Its answer was too long to be kept: read the records instead."


class OtherBodyError(exceptions.APIException):
    status_code = status.HTTP_422_UNPROCESSABLE_ENTITY
    default_detail = OTHER_BODY


class AnswerGoneError(exceptions.APIException):
    status_code = status.HTTP_409_CONFLICT
    default_detail = TOO_LONG


class DoneOnce(APIView):
    """A view whose unsafe methods heed the key in the header. Without one a call is taken as new."""

    def initial(self, request: Request, *args: Any, **kwargs: Any) -> None:
        """Let the method that is about to run keep its answer; by now it is known who asks."""
        super().initial(request, *args, **kwargs)
        name = str(request.method).lower()
        key = request.headers.get(HEADER)
        if key is None or request.method in SAFE_METHODS or not hasattr(self, name):
            return
        if not 0 < len(key) <= LONGEST_KEY or not key.isprintable() or " " in key:
            raise exceptions.ParseError(NO_KEY)
        setattr(self, name, partial(_once, getattr(self, name), key))


def _once(
    method: Callable[..., Response], key: str, request: Request, *args: Any, **kwargs: Any
) -> Response:
    one = once.sent(
        key,
        by=request.user.pk,
        to=f"{request.method} {request.get_full_path()}",
        body=_said(request),
    )
    try:
        response, is_first = once.tried(
            one, lambda: method(request, *args, **kwargs), answer_of=_answer
        )
    except Exception:
        # what is refused by now was perhaps done by the first
        if earlier := once.before(one):
            return _again(one, earlier)
        raise
    if is_first:
        return response
    return _again(one, Submission.objects.get(key=one.key))


def _said(request: Request) -> bytes:
    data: Any = request.data
    if hasattr(data, "lists"):
        data = [pair for pair in sorted(data.lists()) if pair[0] not in request.FILES]
    return once.digest(data, request.FILES)


def _answer(response: Response) -> dict[str, Any]:
    text = AnyTextRenderer().render(response.data).decode()
    return {
        "status": response.status_code,
        "body": text if len(text) <= LONGEST_ANSWER else None,
    }


def _again(one: once.Sent, earlier: Submission) -> Response:
    if earlier.body != one.body:
        raise OtherBodyError
    kept: Any = earlier.answer
    if kept["body"] is None:
        raise AnswerGoneError
    data = json.loads(kept["body"]) if kept["body"] else None
    return Response(data, status=kept["status"], headers={REPLAYED: "true"})
