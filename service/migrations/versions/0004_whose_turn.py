"""Whose turn a client's message leaves it; known for what is read from now on, or read again."""

import sqlalchemy as sa
from alembic import op

revision = "0004"
down_revision = "0003"


def upgrade() -> None:
    """A column for it."""
    op.add_column("messages", sa.Column("leaves", sa.String(), nullable=True))
