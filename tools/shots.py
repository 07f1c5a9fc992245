#!/usr/bin/env python3
"""Take the pictures the documentation shows, from a running demo hospital (`make run` first)."""

import argparse
import json
import shutil
import sys
from pathlib import Path
from typing import Any

from playwright.sync_api import Page, sync_playwright

ROOT = Path(__file__).resolve().parent.parent
PICTURES = ROOT / "docs" / "pictures"
ARGUMENTS = ["--headless", "--no-sandbox", "--disable-gpu", "--no-first-run"]
WIDE, PHONE = {"width": 1440, "height": 1180}, {"width": 390, "height": 844}
CHARTS_DRAW_MS = 2500


def sign_in(page: Page, url: str, person: dict[str, str]) -> None:
    page.goto(f"{url}/sign-in/")
    page.fill("input[name=username]", person["email"])
    page.fill("input[name=password]", person["password"])
    page.click("main button[type=submit]")
    page.wait_for_load_state()


def newest_summary(page: Page, url: str) -> str:
    """Return the address of the first summary in the list."""
    page.goto(f"{url}/summaries/")
    links = page.locator("main table a").all()
    return url + str(next(a.get_attribute("href") for a in links))


def project(page: Page, url: str, code: str) -> str:
    """Return the address of the project with this code."""
    page.goto(f"{url}/projects/?q={code}&stage=all")
    return url + str(page.locator("main table tbody th a").first.get_attribute("href"))


def take(browser: Any, url: str, people: dict[str, dict[str, str]]) -> None:
    """Take the dashboard, the summary, a project's forecast and plan, and the manager's list."""
    page = browser.new_page(viewport=WIDE, color_scheme="light")
    sign_in(page, url, people["Executive"])
    page.goto(f"{url}/portfolio/")
    page.wait_for_timeout(CHARTS_DRAW_MS)
    page.screenshot(path=PICTURES / "dashboard.png")
    page.goto(newest_summary(page, url))
    page.screenshot(path=PICTURES / "summary.png")
    page.goto(f"{project(page, url, 'FAC-01')}plan/")
    page.screenshot(path=PICTURES / "plan.png")
    page.get_by_role("link", name="Forecast", exact=True).click()
    page.wait_for_timeout(CHARTS_DRAW_MS)
    page.screenshot(path=PICTURES / "forecast.png")
    dark = browser.new_page(viewport=WIDE, color_scheme="dark")
    sign_in(dark, url, people["Executive"])
    dark.goto(f"{url}/portfolio/")
    dark.wait_for_timeout(CHARTS_DRAW_MS)
    dark.screenshot(path=PICTURES / "dashboard-dark.png")
    phone = browser.new_page(viewport=PHONE, color_scheme="light")
    sign_in(phone, url, people["Project manager"])
    phone.goto(f"{url}/projects/mine/")
    phone.screenshot(path=PICTURES / "my-projects-phone.png")


def main() -> int:
    parser = argparse.ArgumentParser(description=__doc__)
    parser.add_argument("--url", default="http://127.0.0.1:8000")
    parser.add_argument("--sign-ins", default="var/demo/sign-ins.json", type=Path)
    chosen = parser.parse_args()
    people = {one["role"]: one for one in json.loads(chosen.sign_ins.read_text())}
    PICTURES.mkdir(parents=True, exist_ok=True)
    chromium = shutil.which("chromium") or shutil.which("chromium-browser")
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(executable_path=chromium, args=ARGUMENTS)
        take(browser, chosen.url.rstrip("/"), people)
        browser.close()
    print(f"Took {len(list(PICTURES.glob('*.png')))} pictures.")
    return 0


if __name__ == "__main__":
    sys.exit(main())
