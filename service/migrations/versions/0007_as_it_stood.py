"""
What is open on each thread worked out anew at the next start: what came counts from when we got it,
and a snooze keeps when the client ended it. An index finds the threads that stood otherwise at an instant.
"""

from alembic import op

revision = "0007"
down_revision = "0006"


def upgrade() -> None:
    """An index added; what follows from messages and words is forgotten."""
    op.create_index(op.f("ix_threads_as_of"), "threads", ["as_of"], unique=False)
    op.execute("UPDATE threads SET newest = NULL, ledger = NULL, as_of = NULL")
