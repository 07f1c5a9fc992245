import pytest

from reports import import_profiles
from reports.domain.importing import ProfileError, profile_from_dict, profile_to_dict


def test_names_leave_out_the_parts():
    assert import_profiles.names() == [
        *(f"nhs_{year}" for year in range(2014, 2024)),
        "nhs_example",
    ]


@pytest.mark.parametrize("name", import_profiles.names())
def test_every_profile_loads_and_survives_being_saved(name):
    profile = import_profiles.load(name)

    assert profile_from_dict(profile_to_dict(profile)) == profile


def test_unknown_profile_is_refused_with_the_names_there_are():
    with pytest.raises(ProfileError, match=r"no profile “nhs_1999”\. There are: nhs_2014, "):
        import_profiles.load("nhs_1999")
