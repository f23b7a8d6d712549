"""A real browser for the tests: Debian's Chromium, and what is wrong with a page that it shows."""

from __future__ import annotations

import re
import shutil
from collections.abc import Callable
from concurrent.futures import ThreadPoolExecutor
from pathlib import Path
from typing import TypeVar

from playwright.sync_api import Page, sync_playwright

T = TypeVar("T")

# The one that the distribution keeps up to date; nothing is downloaded.
_NAMES = ("chromium", "chromium-browser", "google-chrome")
_CHECKS = Path(__file__).with_suffix(".js")
_STYLES = re.compile(r"<style\b.*?</style>|<meta name=\"(?:supported-)?color-schemes?\"[^>]*>", re.S)


def chromium_binary() -> str | None:
    """Where Chromium is installed; None where it is not."""
    return next((found for name in _NAMES if (found := shutil.which(name))), None)


def without_styles(html: str) -> str:
    """A page as mail programs show it that take its style sheets away: with the elements' own styles alone."""
    return _STYLES.sub("", html)


class Browser:
    """
    One Chromium without a window, for all tests.

    It lives in a thread of its own, since Playwright keeps an event loop where it is started, and
    other tests run theirs.
    """

    def __init__(self, binary: str) -> None:
        self._thread = ThreadPoolExecutor(max_workers=1)
        self._checks = _CHECKS.read_text(encoding="utf-8")
        self._thread.submit(self._start, binary).result()

    def _start(self, binary: str) -> None:
        self._driver = sync_playwright().start()
        self._chromium = self._driver.chromium.launch(executable_path=binary)
        self._pages = {
            dark: self._chromium.new_page(color_scheme="dark" if dark else "light") for dark in (False, True)
        }

    def faults(self, html: str, *, width: int, dark: bool = False) -> list[str]:
        """What is wrong with a page in a window of that width, in words; nothing where all is well."""
        return self._shown(html, width, dark, lambda page: list(page.evaluate(self._checks)))

    def ask(self, html: str, question: str, *, width: int, dark: bool = False) -> object:
        """What a function in JavaScript gives in a page."""
        return self._shown(html, width, dark, lambda page: page.evaluate(question))

    def picture(self, html: str, *, width: int, dark: bool = False, small: bool = False) -> bytes:
        """The whole page as a PNG, or as a JPEG of a third of its size."""
        if small:
            return self._shown(
                html, width, dark, lambda page: page.screenshot(full_page=True, type="jpeg", quality=55)
            )
        return self._shown(html, width, dark, lambda page: page.screenshot(full_page=True))

    def printed(self, html: str) -> bytes:
        """The page on paper, A4 unless it says otherwise, as a PDF."""
        return self._shown(
            html,
            800,
            False,
            lambda page: page.pdf(format="A4", prefer_css_page_size=True, print_background=True),
        )

    def _shown(self, html: str, width: int, dark: bool, look: Callable[[Page], T]) -> T:
        def show() -> T:
            page = self._pages[dark]
            page.set_viewport_size({"width": width, "height": 800})
            page.set_content(html)
            return look(page)

        return self._thread.submit(show).result()

    def close(self) -> None:
        """End it."""
        self._thread.submit(self._chromium.close).result()
        self._thread.submit(self._driver.stop).result()
        self._thread.shutdown()
