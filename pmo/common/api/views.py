"""One way to say no, for every API view."""

from typing import Any

from django.conf import settings
from django.core.exceptions import (
    RequestDataTooBig,
    TooManyFieldsSent,
    TooManyFilesSent,
)
from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DatabaseError
from django.db.models import ProtectedError
from django.http import Http404
from rest_framework import exceptions, status
from rest_framework.exceptions import ErrorDetail
from rest_framework.response import Response
from rest_framework.views import exception_handler

from pmo.common.page.errors import NOT_HERE
from pmo.common.records.writing import (
    BrokenRuleError,
    EditConflictError,
    RefusalError,
    refusal_of,
)

SIGN_IN = (
    "Sign in: send a token in the header Authorization: Bearer …; pages make one under API tokens."
)
TOKEN = "This token is wrong or has ended. Make another under your name, API tokens."  # noqa: S105 - a sentence
FORGED = (
    "A browser session needs its CSRF token to write: send what the cookie says as X-CSRFToken."
)

JSON_ONLY = "The API answers JSON; ask for it with Accept: application/json."


class TooLargeError(exceptions.APIException):
    status_code = status.HTTP_413_REQUEST_ENTITY_TOO_LARGE


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """
    Turn a service's refusal into 409, a model's complaint and a broken rule into 400, with sentences.
    """
    if isinstance(error, DatabaseError | OverflowError):
        error = refusal_of(error) or error
    match error:
        case EditConflictError():
            body = {"detail": str(error), "version": error.current.version}
            return Response(body, status=status.HTTP_409_CONFLICT)
        case BrokenRuleError():
            fields = {error.field or "non_field_errors": [str(error)]}
            return exception_handler(exceptions.ValidationError(fields), context)
        case RefusalError():
            return Response({"detail": str(error)}, status=status.HTTP_409_CONFLICT)
        case ProtectedError():
            detail = "Other records still point at this one."
            return Response({"detail": detail}, status=status.HTTP_409_CONFLICT)
        case DjangoValidationError():
            fields = dict(getattr(error, "message_dict", None) or {"__all__": error.messages})
            if general := fields.pop("__all__", None):
                fields["non_field_errors"] = general
            return exception_handler(exceptions.ValidationError(fields), context)
    return exception_handler(_in_our_words(error, context), context)


def _in_our_words(error: Exception, context: dict[str, Any]) -> Exception:
    """Return what the frameworks refuse with a sentence that says what would be right."""
    view = context.get("view")
    match error:
        case Http404():
            return exceptions.NotFound(NOT_HERE)
        case RequestDataTooBig():
            most = settings.DATA_UPLOAD_MAX_MEMORY_SIZE // 1024**2
            return TooLargeError(f"The body is larger than {most} MB. Send it in smaller parts.")
        case TooManyFieldsSent() | TooManyFilesSent():
            return exceptions.ParseError("The body has too many fields. Send only those asked for.")
        case exceptions.AuthenticationFailed():
            error.detail = ErrorDetail(TOKEN)
        case exceptions.NotAuthenticated():
            error.detail = ErrorDetail(SIGN_IN)
        case exceptions.PermissionDenied() if str(error.detail).startswith("CSRF Failed"):
            error.detail = ErrorDetail(FORGED)
        case exceptions.UnsupportedMediaType() if view:
            wanted = " or ".join(parser.media_type for parser in view.parser_classes)
            sentence = f"This address reads {wanted}; say so in the header Content-Type."
            error.detail = ErrorDetail(sentence)
        case exceptions.NotAcceptable():
            error.detail = ErrorDetail(JSON_ONLY)
        case exceptions.MethodNotAllowed() if view:
            offered = ", ".join(view.allowed_methods)
            asked = context["request"].method
            sentence = f"{asked} is not possible at this address; it takes {offered}."
            error.detail = ErrorDetail(sentence)
    return error
