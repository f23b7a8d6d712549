"""What goes wrong and since when, who is at work, and what must never be kept again."""

import sqlalchemy as sa
from alembic import op

import service.models

revision = "0008"
down_revision = "0007"


def upgrade() -> None:
    """Three tables, and columns for what lies where, why a reply is refused, and when a letter came back."""
    instant = service.models.Instant(timezone=True)
    op.create_table(
        "troubles",
        sa.Column("place", sa.String(), nullable=False),
        sa.Column("since", instant, nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.Column("words", sa.String(), nullable=False),
        sa.Column("retry_at", instant, nullable=True),
        sa.PrimaryKeyConstraint("place", name=op.f("pk_troubles")),
    )
    op.create_table(
        "leases",
        sa.Column("name", sa.String(), nullable=False),
        sa.Column("holder", sa.String(), nullable=False),
        sa.Column("epoch", sa.Integer(), nullable=False),
        sa.Column("beats", sa.Integer(), nullable=False),
        sa.PrimaryKeyConstraint("name", name=op.f("pk_leases")),
    )
    op.create_table(
        "forgotten",
        sa.Column("hash", sa.String(), nullable=False),
        sa.Column("kind", sa.String(), nullable=False),
        sa.Column("at", instant, nullable=False),
        sa.PrimaryKeyConstraint("hash", name=op.f("pk_forgotten")),
    )
    with op.batch_alter_table("positions") as positions:
        positions.add_column(sa.Column("tries", sa.Integer(), server_default="1", nullable=False))
        positions.add_column(sa.Column("unwanted", sa.Boolean(), server_default=sa.false(), nullable=False))
        positions.add_column(sa.Column("internal_date", instant, nullable=True))
    op.add_column("commands", sa.Column("refusal", sa.String(), nullable=True))
    op.add_column("letters", sa.Column("returned_at", instant, nullable=True))
    # A yes whose author is doubted is none any more: what is open is worked out anew.
    op.execute("UPDATE threads SET newest = NULL, ledger = NULL, as_of = NULL")
