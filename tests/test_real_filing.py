"""Real names of companies, and real threads: held against what others expect of them."""

from __future__ import annotations

import pytest

from tests.real import needs_real_mail
from tests.real_filing import companies, threads

pytestmark = [*needs_real_mail, pytest.mark.one_database("it is about what is read, in hundreds of mails")]


def test_companies_are_told_by_their_names() -> None:
    """Each name loses its legal form and nothing else, and each mail provider is known as one."""
    assert {figure: share.wrong for figure, share in companies().items()} == {
        "names without their form": [],
        "mail providers": [],
    }


def test_real_threads_are_put_together() -> None:
    """Ten of ten, but where a row's note says that our needs differ."""
    share = threads()["which belong together"]

    assert share.wrong == []
    assert share.of == 10
