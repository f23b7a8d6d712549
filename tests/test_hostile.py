"""Mail that was made to break who reads it is read like any other."""

from collections.abc import Iterator

import pytest

from service.sandbox import Sandbox
from tests.hostile import MAIL


@pytest.fixture(scope="module")
def sandbox() -> Iterator[Sandbox]:
    made = Sandbox()
    yield made
    made.close()


@pytest.mark.parametrize("name", MAIL)
@pytest.mark.pitfall(
    "cpython#136063", "cpython#87075", "cpython#75630", "cpython#151857", "cpython#153406", "cpython#81642"
)
def test_it_is_read_within_the_limits(sandbox: Sandbox, name: str) -> None:
    """No bait outruns the time and memory that each mail has, which would raise; its header is there, and no fault."""
    anatomy = sandbox.anatomy_of(MAIL[name]())

    assert anatomy.message.fields
    assert len(anatomy.own) <= len(anatomy.message.text)
