"""Makes the pictures in docs/ from the demo's digest: `python -m tests.pictures`."""

from __future__ import annotations

import subprocess
import sys
from contextlib import closing
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.browser import Browser, chromium_binary

DOCS = Path(__file__).parent.parent / "docs"
PICTURES = {  # of the same digest: how wide, and whether dark
    "digest.png": (660, False),
    "digest-light.png": (660, False),
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
    with closing(Browser(binary)) as browser:
        for name, (width, dark) in PICTURES.items():
            (DOCS / name).write_bytes(browser.picture(page, width=width, dark=dark))


if __name__ == "__main__":
    main()
