"""Write what a status is judged by: the bands of the colors, and the axes in use."""

from collections.abc import Mapping, Sequence
from dataclasses import replace
from typing import Any

from django.contrib.auth.base_user import AbstractBaseUser
from django.core.exceptions import ValidationError

from pmo.common.records.writing import all_or_nothing
from pmo.organization import axes as axis_rules
from pmo.organization import bands as band_rules
from pmo.organization.axes import AxisSetting
from pmo.organization.bands import Bands
from pmo.organization.models import ONLY, Organization
from pmo.organization.services import change_organization


@all_or_nothing
def change_status_rules(
    *,
    by: AbstractBaseUser | None,
    version: int | None,
    bands: Mapping[str, Any] | None = None,
    axes: Sequence[AxisSetting] | None = None,
) -> Organization:
    """
    Save bands, those named over those in force, and axes; what is None stays as it is.

    Raises EditConflictError, and ValidationError naming the bands and axes at fault.
    """
    known = Organization.objects.select_for_update().filter(pk=ONLY).first()
    fields: dict[str, Any] = {}
    if bands is not None:
        now = band_rules.bands_of(known.bands if known else {})
        fields["bands"] = band_rules.stored_of(_sound(replace(now, **bands)))
    if axes is not None:
        if faults := axis_rules.faults_of(axes):
            raise ValidationError({f"axis_{key}": said for key, said in faults.items()})
        fields["axes"] = axis_rules.stored_of(axes)
    return change_organization(by=by, version=version, **fields)


def _sound(bands: Bands) -> Bands:
    if faults := band_rules.faults_of(bands):
        raise ValidationError(dict(faults))
    return bands
