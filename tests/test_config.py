"""The configuration: what is right loads, and what is wrong says so in a line."""

import re
from datetime import time
from pathlib import Path

import pytest

from service.config import Config, load
from service.errors import ConfigError

EXAMPLE = Path(__file__).parent.parent / "config.example.toml"
LEAST = """
[agency]
name = "Northlight"
domains = ["northlight.example"]
[inbox]
address = "practiq@northlight.example"
[[account_managers]]
name = "Maya Chen"
email = "Maya@Northlight.example"
timezone = "America/New_York"
[[workspaces]]
name = "Acme Corp"
domains = ["Acme.example"]
account_manager = "maya@northlight.example"
"""
SERVERS = """
[imap]
host = "127.0.0.1"
tls = "none"
password = "hush"
[smtp]
host = "127.0.0.1"
tls = "none"
"""


def loaded(tmp_path: Path, text: str, **environ: str) -> Config:
    path = tmp_path / "config.toml"
    path.write_text(text, encoding="utf-8")
    return load(path, environ)


def faults(tmp_path: Path, text: str, **environ: str) -> list[str]:
    with pytest.raises(ConfigError) as caught:
        loaded(tmp_path, text, **environ)
    assert caught.value.exit_code == 2
    lines = str(caught.value).splitlines()
    return [line.removeprefix(f"{tmp_path}/config.toml: ") for line in lines[:-1]]


def test_the_least_is_enough(tmp_path: Path) -> None:
    """Four tables make a configuration; all else has its default."""
    config = loaded(tmp_path, LEAST)
    (manager,) = config.manager_values()
    (client,) = config.workspace_values()

    assert config.imap_account() is None
    assert config.smtp_account() is None
    assert (manager.address, manager.digest_at, manager.days) == (
        "maya@northlight.example",
        time(8),
        frozenset(range(5)),
    )
    assert client.domains == ("acme.example",)


def test_servers(tmp_path: Path) -> None:
    """The servers' accounts, with the inbox's address as user name; no SMTP password, no log-in."""
    config = loaded(tmp_path, LEAST + SERVERS)
    imap, smtp = config.imap_account(), config.smtp_account()

    assert imap is not None
    assert smtp is not None
    assert (imap.username, imap.password, imap.whole_up_to_bytes) == (
        "practiq@northlight.example",
        "hush",
        1_000_000,
    )
    assert (smtp.port, smtp.username) == (587, None)
    assert "hush" not in f"{config!r} {imap!r}"


def test_a_password_from_its_file(tmp_path: Path) -> None:
    """The line's end is not the password's; a file that is not there is one sentence."""
    secret = tmp_path / "secret"
    secret.write_text("hush\n")
    text = LEAST + SERVERS.replace('password = "hush"', f'password_file = "{secret}"')
    imap = loaded(tmp_path, text).imap_account()

    assert imap is not None
    assert imap.password == "hush"
    secret.unlink()
    with pytest.raises(ConfigError, match="cannot be read"):
        loaded(tmp_path, text).imap_account()


def test_the_environment_overrides(tmp_path: Path) -> None:
    """A key may come from the environment, a list with commas; a secret too."""
    config = loaded(
        tmp_path,
        LEAST + SERVERS,
        PRACTIQ_IMAP__PORT="1143",
        PRACTIQ_DIGEST__DAYS="mon, tue",
        PRACTIQ_IMAP__PASSWORD="other",
        PRACTIQ_CONFIG="x",
        HOME="/",
    )
    imap = config.imap_account()

    assert imap is not None
    assert (imap.port, imap.password) == (1143, "other")
    assert config.manager_values()[0].days == frozenset({0, 1})


@pytest.mark.parametrize(
    ("old", "new", "fault"),
    [
        ("name = \"Northlight\"", "nmae = \"N\"", "agency.name: is missing"),
        ("America/New_York", "America/NewYork",
         "account_managers[Maya Chen].timezone: 'America/NewYork' is no time zone; did you mean America/New_York?"),
        ('account_manager = "maya@northlight.example"', 'account_manager = "mya@northlight.example"',
         "workspaces[Acme Corp].account_manager: mya@northlight.example is no account manager;"
         " did you mean maya@northlight.example?"),
        ('domains = ["Acme.example"]', 'domains = ["gmail.com"]',
         "workspaces[Acme Corp].domains: gmail.com is a mail provider that anybody may use; list the people as contacts"),
        ('domains = ["Acme.example"]', 'domains = ["mail.northlight.example"]',
         "workspaces[Acme Corp].domains: mail.northlight.example is the agency's own; remove it"),
        ('domains = ["Acme.example"]', 'domains = ["acme"]',
         "workspaces[Acme Corp].domains[1]: 'acme' is no domain; write it like acme.example"),
        ("practiq@northlight", "maya@northlight",
         "inbox.address: maya@northlight.example is an account manager's; the inbox needs its own"),
        ("practiq@northlight", "practiq@evil.example,x@northlight",
         "inbox.address: 'practiq@evil.example,x@northlight.example' is no address; write it like maya@northlight.example"),
        ("practiq@northlight", "möwe@northlight",
         "inbox.address: möwe@northlight.example has letters that many mail servers refuse; practiq needs a plain one"),
    ],
    ids=["missing", "zone", "manager", "free-mail", "own-domain", "no-domain", "inbox", "two", "letters"],
)  # fmt: skip
def test_a_fault_names_key_and_remedy(tmp_path: Path, old: str, new: str, fault: str) -> None:
    """Each fault is a line of file, key and what would be right."""
    assert old in LEAST
    assert fault in faults(tmp_path, LEAST.replace(old, new, 1))


@pytest.mark.parametrize(
    ("more", "fault"),
    [
        ('[smtp]\nhost = "x"\nprot = 1', "smtp.prot: unknown key; did you mean port?"),
        ('[smtp]\nhost = "x"\nport = 99999', "smtp.port: input should be less than or equal to 65535, not 99999"),
        ('[imap]\nhost = "mail.example"\ntls = "none"\npassword = "x"',
         "imap.tls: none is for this machine only; mail.example wants implicit or starttls"),
        ('[imap]\nhost = "mail.example"', "imap.password_file: is missing; name a file that holds the password"),
        ('[imap]\nhost = "x"\nwhole_up_to = "big"', "imap.whole_up_to: 'big' is no size; write it like \"1 MB\""),
        ('[database]\nurl = "postgresql://x"',
         "database.url: must be like sqlite:///practiq.db or postgresql+psycopg://practiq@host/practiq"),
        ('[digest]\nat = "8"', "digest.at: '8' is no time of day; write it like \"08:00\""),
        ('[digest]\nholidays = "XX"', "digest.holidays: 'XX' is no country with holidays; write \"US\", or \"DE-BY\""),
        ('[authentication]\ntrust = "mx"\npolicy = "maybe"',
         "authentication.policy: must be 'require', 'warn' or 'off', not 'maybe'"),
        ('[[workspaces]]\nname = "Globex"\ndomains = ["acme.example"]\naccount_manager = "maya@northlight.example"',
         "workspaces[Globex].domains: acme.example is Acme Corp's already"),
        ('[[workspaces]]\nname = "Acme Corp"\naccount_manager = "maya@northlight.example"',
         "workspaces: Acme Corp stands there 2 times; put both into one"),
    ],
    ids=["typo", "port", "clear", "password", "size", "postgres", "clock", "holidays", "policy", "shared", "twice"],
)  # fmt: skip
def test_a_fault_in_what_is_optional(tmp_path: Path, more: str, fault: str) -> None:
    """The same for what is optional."""
    assert fault in faults(tmp_path, f"{LEAST}\n{more}\n")


def test_all_faults_at_once(tmp_path: Path) -> None:
    """Two faults are two lines."""
    text = LEAST.replace("America/New_York", "Mars") + '[smtp]\nhost = "x"\nprot = 1\n'

    assert len(faults(tmp_path, text)) == 2


def test_an_unknown_variable_of_ours_is_a_fault(tmp_path: Path) -> None:
    """A typing error in a variable's name is not passed over."""
    assert "smtq: unknown key; did you mean smtp?" in faults(tmp_path, LEAST, PRACTIQ_SMTQ__HOST="x")


def test_no_file_and_no_toml(tmp_path: Path) -> None:
    """A file that is not there, or is not TOML, is one sentence that says what to do."""
    with pytest.raises(ConfigError, match="`practiq init` writes one"):
        load(tmp_path / "absent.toml", {})
    with pytest.raises(ConfigError, match="line 2"):
        loaded(tmp_path, "[agency]\nname: x\n")


def test_the_example_loads_and_has_every_key(tmp_path: Path) -> None:
    """config.example.toml is right as it stands and with all that is optional, and leaves no key out."""
    text = EXAMPLE.read_text(encoding="utf-8")
    full = re.sub(r"^# (?=\[|[a-z_]+ =)", "", text, flags=re.MULTILINE)
    (tmp_path / "secret").write_text("x")
    full = re.sub(r"^password_file = .*$", f'password_file = "{tmp_path}/secret"', full, flags=re.MULTILINE)
    load(EXAMPLE, {})
    config = loaded(tmp_path, full)
    sections = [config.agency, config.inbox, config.imap, config.smtp, config.database, config.digest]
    sections += [config.authentication, config.account_managers[0], config.workspaces[0], config.metrics]
    instead = {"password", "token_command", "oauth2"}  # tests/test_config_login.py looks at those
    given = [section.model_fields_set | instead for section in sections if section is not None]
    known = [set(type(section).model_fields) for section in sections if section is not None]

    assert len(given) == 10
    assert [missing for have, want in zip(given, known, strict=True) if (missing := want - have)] == []
