import pytest

from reports.imports import profiles
from reports.imports.domain import ProfileError, profile_from_dict, profile_to_dict


def test_names_leave_out_the_parts():
    own = [name for name in profiles.names() if name.startswith("nhs")]

    assert own == [*(f"nhs_{year}" for year in range(2014, 2024)), "nhs_example"]
    assert not any(name.startswith("_") for name in profiles.names())


@pytest.mark.parametrize("name", profiles.names())
def test_every_profile_loads_and_survives_being_saved(name):
    profile = profiles.load(name)

    assert profile_from_dict(profile_to_dict(profile)) == profile


def test_unknown_profile_is_refused_with_the_names_there_are():
    with pytest.raises(
        ProfileError, match=r"no profile “nhs_1999”\. There are: asana_milestones, "
    ):
        profiles.load("nhs_1999")
