"""A real Chromium, and one way to open a page in it."""

import shutil
from collections.abc import Callable, Iterator
from typing import Any

import pytest
from django.conf import settings
from django.test import Client

from tests.browser.checks import MODES, wait_for_charts

# the first draws the same pages without a window's work: it takes two thirds of the time
NAMES = ("chromium-headless-shell", "chromium", "chromium-browser", "google-chrome")
ARGUMENTS = [
    "--headless",
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
LISTEN = """
window.policyViolations = [];
document.addEventListener('securitypolicyviolation', event => {
  window.policyViolations.push(event.effectiveDirective + ' ' + event.blockedURI);
});
"""


@pytest.fixture(scope="session")
def chromium() -> Iterator[Any]:
    """Start Chromium once; skip with a reason where there is none."""
    path = next(filter(None, map(shutil.which, NAMES)), None)
    if path is None:
        pytest.skip("There is no Chromium on this machine.")
    from playwright.sync_api import sync_playwright  # noqa: PLC0415 - only browser tests need it

    with pytest.MonkeyPatch.context() as patch, sync_playwright() as playwright:
        # Playwright's loop runs in this thread, which Django would take for asynchronous code
        patch.setenv("DJANGO_ALLOW_ASYNC_UNSAFE", "true")
        browser = playwright.chromium.launch(executable_path=path, args=ARGUMENTS)
        yield browser
        browser.close()


@pytest.fixture
def visit(chromium: Any, live_server: Any) -> Iterator[Callable[..., Any]]:
    """
    Return a function that opens a path as a user and gives the Playwright page.

    `mode` is one of checks.MODES; `page.troubles` lists console errors and uncaught exceptions.
    Nothing moves unless asked: colors would be measured on their way from one to the other.
    """
    contexts = []

    def open_path(path: str, *, user: Any = None, mode: str = "light", **options: Any) -> Any:
        width, height, scheme = MODES[mode]
        options.setdefault("reduced_motion", "reduce")
        context = chromium.new_context(
            viewport={"width": width, "height": height}, color_scheme=scheme, **options
        )
        contexts.append(context)
        if user is not None:
            client = Client()
            client.force_login(user)
            name = settings.SESSION_COOKIE_NAME
            cookie = {"name": name, "value": client.cookies[name].value, "url": live_server.url}
            context.add_cookies([cookie])
        page = context.new_page()
        page.troubles = []
        page.on("console", lambda m: page.troubles.append(m.text) if m.type == "error" else None)
        page.on("pageerror", lambda error: page.troubles.append(str(error)))
        page.add_init_script(LISTEN)
        page.goto(live_server.url + path)
        if options.get("java_script_enabled", True):
            wait_for_charts(page)
        return page

    yield open_path
    for context in contexts:
        context.close()
