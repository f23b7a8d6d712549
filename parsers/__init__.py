"""The pure core: every function here depends on its arguments alone (no clock, no I/O, no database)."""
