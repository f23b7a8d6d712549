"""Real bounces, absences and receipts, and people beside them."""

from tests.real import automated, needs_real_mail

pytestmark = needs_real_mail


def test_machines_are_found() -> None:
    """Nearly all of them, from some hundred mail servers."""
    assert automated()["recall"].value >= 0.985


def test_no_person_is_taken_for_a_machine() -> None:
    """No false alarm: whose yes is taken for a robot's is not heard."""
    assert automated()["people taken for people"].wrong == []
