# Copyright 2026 CRM Finance Suite
# License LGPL-3.0 or later (https://www.gnu.org/licenses/lgpl).
"""A browser on a running Odoo, for journeys that cross modules.

with odoo_page("crm_finance_test", "admin") as page:
    page.goto("/odoo/contacts")
    screenshot(page, "contacts")
"""

import contextlib
import shutil

from playwright.sync_api import sync_playwright

from devtools import console, environment, paths, server, settings

#: Chromium in a container: no sandbox, no graphics card, no calls to its maker.
FLAGS = [
    "--no-sandbox",
    "--disable-gpu",
    "--disable-quic",
    "--no-first-run",
    "--disable-background-networking",
    "--disable-component-update",
    "--disable-sync",
]
SCREENSHOTS = paths.STACK / "screenshots"
SIZE = {"width": 1440, "height": 900}


@contextlib.contextmanager
def odoo_page(database, login, password=None, *, locale="en-US"):
    """Serve `database` on a free port and yield a page logged in as `login`."""
    with odoo_server(database) as address, browser_page(address, locale) as page:
        log_in(page, login, password)
        yield page


@contextlib.contextmanager
def odoo_server(database):
    """Serve `database` on a free port and yield the address."""
    chosen = settings.load()
    environment.ensure(chosen)
    port = server.free_port()
    child = server.start(chosen, database, port, paths.LOGS / "browser-server.log")
    try:
        yield server.address(port)
    finally:
        console.stop_child(child)


@contextlib.contextmanager
def browser_page(address, locale="en-US"):
    """Yield a page of a new browser; paths given to it begin at `address`."""
    with sync_playwright() as playwright:
        browser = playwright.chromium.launch(
            executable_path=shutil.which("chromium"), args=FLAGS
        )
        try:
            yield browser.new_page(base_url=address, locale=locale, viewport=SIZE)
        finally:
            browser.close()


def log_in(page, login, password=None):
    """Log in as a person does, and wait for the web client."""
    page.goto("/web/login")
    page.fill("input[name=login]", login)
    page.fill("input[name=password]", password or login)
    page.click("button[type=submit]")
    page.wait_for_selector(".o_web_client .o_main_navbar", timeout=60_000)


def screenshot(page, name):
    """Save what the page shows as .stack/screenshots/<name>.png."""
    SCREENSHOTS.mkdir(parents=True, exist_ok=True)
    path = SCREENSHOTS / f"{name}.png"
    page.screenshot(path=path)
    return path
