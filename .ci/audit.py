"""
Whether a library that is installed here has a known vulnerability, by PyPI's own advisories.

What pip-audit does, for registries that have a page for a project's newest release only, as mirrors do: there
pip-audit finds nothing at all and says so in vain. An older release than the newest is named as not audited.
"""

from __future__ import annotations

import json
import subprocess
import sys
from typing import Any
from urllib.error import HTTPError, URLError
from urllib.request import urlopen

PAGES = ("https://pypi.org/pypi/{name}/{version}/json", "https://pypi.org/pypi/{name}/json")
EXCEPTIONS: dict[str, str] = {}  # an advisory's id, and why it does not concern us


def page_of(name: str, version: str) -> dict[str, Any] | None:
    """PyPI's page of a release; None where the registry has none. Raises URLError where it has no pages at all."""
    for pattern in PAGES:
        try:
            with urlopen(pattern.format(name=name, version=version), timeout=30) as answer:  # noqa: S310 -- https
                page: dict[str, Any] = json.load(answer)
        except HTTPError:
            continue
        if page["info"]["version"] == version:
            return page
    return None


def audit() -> int:
    """Say what is known of each library; 1 where something is."""
    freeze = [sys.executable, "-m", "pip", "freeze", "--exclude-editable"]
    installed = subprocess.run(freeze, check=True, capture_output=True, text=True).stdout.split()  # noqa: S603 -- our own words
    found, unknown = [], []
    for name, _, version in (line.partition("==") for line in installed):
        try:
            page = page_of(name, version)
        except (URLError, TimeoutError) as error:
            sys.stderr.write(f"audit: PyPI's advisories cannot be had, so nothing is audited: {error}\n")
            return 0
        if page is None:
            unknown.append(f"{name} {version}")
            continue
        for one in page["vulnerabilities"]:
            if not one.get("withdrawn") and one["id"] not in EXCEPTIONS:
                found.append(f"{name} {version}: {one['id']} {one.get('summary') or ''}".rstrip())
    sys.stderr.write(f"audit: {len(installed) - len(unknown)} of {len(installed)} libraries looked up")
    sys.stderr.write(f"; no page for {', '.join(unknown)}\n" if unknown else "\n")
    sys.stderr.writelines(f"audit: {line}\n" for line in found)
    return 1 if found else 0


if __name__ == "__main__":
    sys.exit(audit())
