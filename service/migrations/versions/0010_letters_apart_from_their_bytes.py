"""A letter's bytes lie apart from what becomes of it, which is noted without writing them again."""

import sqlalchemy as sa
from alembic import op

revision = "0010"
down_revision = "0009"


def upgrade() -> None:
    """A table of their own; letters that were emptied have none."""
    op.create_table(
        "letter_contents",
        sa.Column("letter", sa.Integer(), nullable=False),
        sa.Column("content", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["letter"], ["letters.id"], name=op.f("fk_letter_contents_letter")),
        sa.PrimaryKeyConstraint("letter", name=op.f("pk_letter_contents")),
    )
    op.execute("INSERT INTO letter_contents SELECT id, content FROM letters WHERE length(content) > 0")
    op.drop_column("letters", "content")
