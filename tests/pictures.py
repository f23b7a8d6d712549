"""Makes the pictures and the sheet in docs/: `python -m tests.pictures`. Digests of the demo and of the labelled mailbox."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from itertools import product
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser import Browser, chromium_binary
from tests.labelled import MANAGERS, labelled_digests
from tests.sheet import SHEET, SOURCE, sheet_html

DOCS = Path(__file__).parent.parent / "docs"
WIDTHS = (320, 600, 1200)
PICTURES = {  # of the same digest: how wide, and whether dark
    "digest.png": (660, False),
    "digest-dark.png": (660, True),
    "digest-phone.png": (375, False),
}


def main() -> None:
    """Run the demo, and take its first digest's pictures."""
    binary = chromium_binary()
    if binary is None:
        sys.exit("Chromium is not installed (apt install chromium)")
    with TemporaryDirectory() as folder:
        subprocess.run(
            [sys.executable, "-m", "service", "demo", "--out", folder], check=True, stdout=subprocess.DEVNULL
        )
        page = (Path(folder) / "digest-nadia.html").read_text(encoding="utf-8")
        digest = labelled_digests(Path(folder))
        labelled = {name: digest(name) for name in MANAGERS}
    with closing(Browser(binary)) as browser:
        SHEET.write_bytes(browser.printed(sheet_html(SOURCE.read_text(encoding="utf-8"))))
        for manager, html in labelled.items():
            for width, dark in product(WIDTHS, (False, True)):
                name = f"{manager.partition('.')[0]}-{width}-{'dark' if dark else 'light'}.jpg"
                (DOCS / "digests" / name).write_bytes(
                    browser.picture(html, width=width, dark=dark, small=True)
                )
        for name, (width, dark) in PICTURES.items():
            (DOCS / name).write_bytes(browser.picture(page, width=width, dark=dark))


if __name__ == "__main__":
    main()
