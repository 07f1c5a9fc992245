"""An address is the one that `reverse` finds, wherever the site is mounted."""

import pytest
from django.urls import NoReverseMatch, reverse, set_script_prefix

from pmo.common.page.addresses import address_of


@pytest.fixture
def _below_a_path():
    yield set_script_prefix("/rounds/")
    set_script_prefix("/")


@pytest.mark.parametrize("name", ["projects:project_detail", "reports:project_forecast"])
def test_each_id_has_its_own_address(name):
    for pk in (1, 7, 10**12):
        assert address_of(name, pk) == reverse(name, args=[pk])


def test_a_page_without_an_id():
    assert address_of("projects:project_list") == reverse("projects:project_list")


@pytest.mark.usefixtures("_below_a_path")
def test_the_path_below_which_the_site_lies_comes_first():
    assert address_of("projects:project_detail", 3) == "/rounds/projects/3/"


@pytest.mark.usefixtures("_below_a_path")
def test_the_path_is_not_remembered():
    assert address_of("projects:project_list").startswith("/rounds/")
    set_script_prefix("/")
    assert address_of("projects:project_list") == "/projects/"


def test_a_page_that_no_app_has():
    with pytest.raises(NoReverseMatch):
        address_of("nowhere:at_all")
    with pytest.raises(NoReverseMatch):
        address_of("projects:project_list", 3)
