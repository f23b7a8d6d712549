"""A Date that lies ahead puts no mail on top."""

from pathlib import Path

import pytest

from tests.agency import DANA, mail
from tests.mornings import days


@pytest.mark.both_databases
@pytest.mark.promise("P6")
@pytest.mark.pitfall("mail-archiver#534", "ponymail-foal#157")
def test_a_mail_of_2096_came_when_it_came(tmp_path: Path) -> None:
    """It stands where its arrival puts it, not seventy years ahead."""
    raw = mail(DANA, "Could you send the layouts?", at="2096-11-10T09:00:00-05:00")
    with days(tmp_path) as played:
        played.comes(raw)

        assert played.standing(raw).state.since == played.clock()
