"""Raw mail lies apart from how far it has been read, which is noted without writing the mail again."""

import sqlalchemy as sa
from alembic import op

revision = "0011"
down_revision = "0010"


def upgrade() -> None:
    """A table of their own."""
    op.create_table(
        "raws",
        sa.Column("kept", sa.Integer(), nullable=False),
        sa.Column("raw", sa.LargeBinary(), nullable=False),
        sa.ForeignKeyConstraint(["kept"], ["kept.id"], name=op.f("fk_raws_kept")),
        sa.PrimaryKeyConstraint("kept", name=op.f("pk_raws")),
    )
    op.execute("INSERT INTO raws SELECT id, raw FROM kept")
    op.drop_column("kept", "raw")
