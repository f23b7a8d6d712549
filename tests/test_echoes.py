"""Words of our letters that a reply repeats unmarked."""

from __future__ import annotations

from parsers.echoes import without_echo

LETTER = "What you can write, one command a line, in any order:\n\n  snooze 2 until Tuesday   hides item 2\n  done 3\n"


def test_repeated_letter_is_taken_away() -> None:
    """What stands in a letter of ours is not what its reader writes; what they add stays."""
    assert without_echo(f"help\n{LETTER}wake 1", [LETTER]) == "help\n\nwake 1"


def test_a_command_that_we_write_too_stays() -> None:
    """A short line alone is its writer's, even where a letter of ours has the same one."""
    assert without_echo("done 3", [LETTER]) == "done 3"


def test_without_letters_all_words_are_new() -> None:
    """Where no letter of ours is known, nothing is taken away."""
    assert without_echo(LETTER, []) == LETTER
