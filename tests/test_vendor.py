"""Files of other projects are shipped unchanged, with their licenses, and point to nothing we lack."""

import json
import re

import pytest
from django.core.management import call_command
from plotly.offline import get_plotlyjs_version

from tests.tree import ROOT
from tools import vendor

pytestmark = pytest.mark.slow

SPRITE = ROOT / "static/icons.svg"


def test_vendored_files_are_as_recorded():
    assert vendor.problems() == []


def test_a_changed_a_missing_and_a_foreign_file_are_found(tmp_path, monkeypatch):
    (tmp_path / "vendor").mkdir()
    (tmp_path / "vendor/kept.js").write_text("changed")
    (tmp_path / "vendor/foreign.js").write_text("new")
    manifest = tmp_path / "vendor/MANIFEST.json"
    entries = [{"file": name, "sha256": "0" * 64} for name in ("vendor/kept.js", "vendor/gone.js")]
    manifest.write_text(json.dumps(entries))
    plan = tmp_path / "plan.json"
    plan.write_text(json.dumps({"folders": ["vendor"]}))
    monkeypatch.setattr(vendor, "ROOT", tmp_path)
    monkeypatch.setattr(vendor, "MANIFEST", manifest)
    monkeypatch.setattr(vendor, "PLAN", plan)

    assert vendor.problems() == [
        "vendor/kept.js changed",
        "vendor/gone.js is missing",
        "vendor/foreign.js is not in the manifest",
    ]


def test_figures_are_checked_by_the_version_that_draws_them():
    entries = json.loads(vendor.MANIFEST.read_text())
    drawing = {one["version"] for one in entries if one.get("package", "").startswith("plotly.js")}

    assert drawing == {get_plotlyjs_version()}


def test_every_package_ships_its_license():
    plan = json.loads(vendor.PLAN.read_text())

    without = [
        name
        for name, spec in plan["packages"].items()
        # packages of fonts have one license for their own code, of which we ship none, and one here
        if not {"LICENSE", "LICENSE_FONT"} & set(spec["files"])
    ]

    assert without == []


def test_every_icon_that_code_or_templates_name_is_in_the_sprite():
    symbols = set(re.findall(r'<symbol id="([a-z0-9-]+)"', SPRITE.read_text()))
    named = set()
    for path in (ROOT / "templates").rglob("*.html"):
        named |= set(re.findall(r"""\{% icon ["']([a-z0-9-]+)["']( |%)""", path.read_text()))
    names = {name for name, _ in named if not name.endswith("-")}

    assert len(names) > 10
    assert names - symbols == set()


@pytest.mark.timeout(120)
def test_static_files_collect_with_hashed_names(tmp_path, settings):
    settings.STATIC_ROOT = tmp_path
    settings.STORAGES = settings.STORAGES | {
        "staticfiles": {
            "BACKEND": "django.contrib.staticfiles.storage.ManifestStaticFilesStorage",
        },
    }

    call_command("collectstatic", interactive=False, verbosity=0)

    names = json.loads((tmp_path / "staticfiles.json").read_text())["paths"]
    assert {"css/app.css", "icons.svg", "js/charts.js", "vendor/plotly-basic.min.js"} <= set(names)
    assert "source-sans-3-latin." in (tmp_path / names["css/app.css"]).read_text()


def test_charts_never_offer_to_send_a_figure_away():
    source = (ROOT / "static/js/charts.js").read_text()

    assert "showSendToCloud: false" in source
    assert "plotlyServerURL: ''" in source


def test_own_scripts_need_no_eval():
    found = {
        path.name
        for path in (ROOT / "static/js").glob("*.js")
        if re.search(r"\beval\(|new Function|innerHTML|document\.write", path.read_text())
    }

    assert found == set()
