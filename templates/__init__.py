"""The words of the mail that practiq sends (Jinja2), as package data beside this file."""
