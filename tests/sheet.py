"""The account managers' page as a sheet of paper."""

from __future__ import annotations

import hashlib
from pathlib import Path

from markdown_it import MarkdownIt

SOURCE = Path(__file__).parent.parent / "docs" / "account-managers.md"
SHEET = SOURCE.with_suffix(".pdf")
_STYLE = """
@page { size: A4; margin: 13mm 15mm }
body { font: 9.5pt/1.28 "Liberation Sans", Arial, sans-serif; color: #111; margin: 0 }
h1 { font-size: 17pt; margin: 0 0 5pt }
p { margin: 0 0 6pt }
ul { margin: 0 0 6pt; padding-left: 14pt }
table { border-collapse: collapse; width: 100%; margin: 0 0 7pt }
th, td { text-align: left; vertical-align: top; padding: 2.2pt 5pt; border-bottom: 0.5pt solid #999 }
td:first-child { width: 43% }
code { font: 8.5pt "Liberation Mono", "Courier New", monospace; background: #eee; padding: 0 2pt; white-space: nowrap }
a { color: inherit }
"""


def edition() -> str:
    """By what a sheet shows of which words it is: the same ones have the same."""
    return hashlib.sha256(SOURCE.read_bytes()).hexdigest()[:8]


def sheet_html(words: str) -> str:
    """Words in Markdown as a page to print, which bears its edition as its title."""
    body = MarkdownIt("commonmark").enable("table").render(words)
    head = f'<meta charset="utf-8"><title>practiq on one sheet, {edition()}</title><style>{_STYLE}</style>'
    return f'<!doctype html><html lang="en"><head>{head}</head><body>{body}</body></html>'
