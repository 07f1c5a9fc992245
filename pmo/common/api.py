"""One way to say no, for every API view."""

import logging
from typing import Any

from django.core.exceptions import ValidationError as DjangoValidationError
from django.db import DatabaseError
from django.db.models import ProtectedError
from rest_framework import exceptions, status
from rest_framework.response import Response
from rest_framework.views import exception_handler

from pmo.common.writing import AT_ONCE, EditConflictError, RefusalError, met_another

log = logging.getLogger(__name__)


def explain(error: Exception, context: dict[str, Any]) -> Response | None:
    """Turn a service's refusal into 409 and a model's complaint into 400, both with sentences."""
    match error:
        case EditConflictError():
            body = {"detail": str(error), "version": error.current.version}
            return Response(body, status=status.HTTP_409_CONFLICT)
        case RefusalError():
            return Response({"detail": str(error)}, status=status.HTTP_409_CONFLICT)
        case ProtectedError():
            detail = "Other records still point at this one."
            return Response({"detail": detail}, status=status.HTTP_409_CONFLICT)
        case DatabaseError() if met_another(error):
            log.warning("Two writers met in the database.", exc_info=error)
            return Response({"detail": AT_ONCE}, status=status.HTTP_409_CONFLICT)
        case DjangoValidationError():
            fields = dict(getattr(error, "message_dict", None) or {"__all__": error.messages})
            if general := fields.pop("__all__", None):
                fields["non_field_errors"] = general
            return exception_handler(exceptions.ValidationError(fields), context)
    return exception_handler(error, context)
