"""`python -m service` is `practiq`."""

from service.cli import entry

entry()
