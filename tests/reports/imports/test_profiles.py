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


@pytest.mark.parametrize(
    "path", sorted(profiles.PRODUCTS.glob("[!_]*.yaml")), ids=lambda path: path.stem
)
def test_every_product_says_by_which_headers_it_is_known_and_what_it_is_made_from(path):
    document = profiles._document(path.stem)
    first = (
        path
        if "extends" not in path.read_text("utf-8")
        else path.with_stem(f"_{path.stem.split('_')[0]}")
    )

    assert len(document["recognized_by"]) >= 3
    assert document["product"]
    assert document["title"]
    assert first.read_text("utf-8").startswith("# ")
    taken = {header for entry in document["fields"].values() for header in headers_of(entry)}
    assert not taken & document["not_taken"].keys()
    assert all(why.endswith(".") for why in document["not_taken"].values())


def headers_of(entry):
    named = entry["from"] if isinstance(entry, dict) else entry
    return [named] if isinstance(named, str) else named
