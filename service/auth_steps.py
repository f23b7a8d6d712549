"""What an administrator does for a log-in by OAuth 2, step by step, and the lines that come of it."""

from __future__ import annotations

import json

_ENTRA = "entra.microsoft.com, App registrations"
_CONSOLE = "console.cloud.google.com"

MICROSOFT_APP = f"""\
Microsoft 365, as an app: nobody signs in, and the mailbox may be a shared one. An administrator does this once.
(`practiq auth microsoft --sign-in` needs no PowerShell; somebody signs in for the mailbox, and again when that expires.)

1. {_ENTRA}, New registration: name it practiq, accounts in this directory only, no redirect URI.
2. There, API permissions, Add a permission, APIs my organization uses, Office 365 Exchange Online, Application
   permissions: IMAP.AccessAsApp and SMTP.SendAsApp. Then Grant admin consent.
3. There, Certificates & secrets, New client secret. Put its Value (not its Secret ID) into a file of mode 600.
"""
MICROSOFT_SIGN_IN = f"""\
Microsoft 365, with somebody who signs in for the mailbox once. An administrator prepares it:

1. {_ENTRA}, New registration: name it practiq, accounts in this directory only, no redirect URI.
2. There, Authentication: allow public client flows.
3. There, API permissions, Add a permission, APIs my organization uses, Office 365 Exchange Online, Delegated
   permissions: IMAP.AccessAsUser.All and SMTP.Send. Then Grant admin consent.
"""
GOOGLE_ACCOUNT = f"""\
Google Workspace, as a service account: nobody signs in. An administrator does this once.
Its key opens every mailbox of your organisation: guard it. (`practiq auth google --sign-in` opens one mailbox only.)

1. {_CONSOLE}: make a project, and enable the Gmail API in it (APIs & Services, Library).
2. There, IAM & Admin, Service Accounts: make one, without roles; Keys, Add key, JSON. Keep the file with mode 600.
"""
GOOGLE_SIGN_IN = f"""\
Gmail, with somebody who signs in for the mailbox once. An administrator prepares it:

1. {_CONSOLE}: make a project, and enable the Gmail API in it (APIs & Services, Library).
2. There, Google Auth Platform: an app of the audience Internal. (An External one in testing signs out after 7 days.)
3. There, Clients: make one of the type Desktop app, and download its JSON file. Keep it with mode 600.
"""


def exchange(client_id: str, mailbox: str) -> str:
    """What lets an app into one mailbox, in PowerShell."""
    return f"""
4. In Exchange Online PowerShell (Connect-ExchangeOnline), let the app into this mailbox and no other. OBJECT-ID is that
   of the enterprise application (entra.microsoft.com, Enterprise applications, practiq), not of the registration:

     New-ServicePrincipal -AppId {client_id} -ObjectId OBJECT-ID -DisplayName practiq
     Add-MailboxPermission -Identity {mailbox} -User OBJECT-ID -AccessRights FullAccess
{switches(mailbox)}"""


def switches(mailbox: str) -> str:
    """What switches IMAP and SMTP on for a mailbox, in PowerShell."""
    return f"     Set-CASMailbox -Identity {mailbox} -ImapEnabled $true -SmtpClientAuthenticationDisabled $false\n"


def sign_in_switches(mailbox: str) -> str:
    """What somebody signed in needs of Exchange."""
    return f"""
4. In Exchange Online PowerShell (Connect-ExchangeOnline), see that IMAP and SMTP are on for the mailbox:

{switches(mailbox)}"""


def delegation(client_id: str, scope: str) -> str:
    """What lets a service account into mailboxes, at Google's admin console."""
    return f"""
3. admin.google.com, Security, Access and data control, API controls, Domain-wide delegation, Add new:

     Client ID  {client_id}
     Scope      {scope}

   It may take some minutes, and a day at most.
{END_USER}"""


END_USER = """\
4. There, Apps, Google Workspace, Gmail, End User Access: IMAP access is on for the mailbox.
"""


def paste(config: str) -> str:
    """What to say above the lines to paste."""
    return f"\nPut these lines into {config}, in place of its [imap] and [smtp]; then `practiq check` tries them.\n"


def tables(hosts: tuple[str, str], mailbox: str, oauth2: dict[str, str]) -> str:
    """The configuration's tables; `[smtp]` logs in as `[imap]` does."""
    imap, smtp = hosts
    keys = "\n".join(f"{key} = {_string(value)}" for key, value in oauth2.items())
    return (
        f"[imap]\nhost = {_string(imap)}\nusername = {_string(mailbox)}\n\n"
        f"[imap.oauth2]\n{keys}\n\n"
        f"[smtp]\nhost = {_string(smtp)}"
    )


def _string(value: str) -> str:
    """A basic string of TOML, which JSON's are but for one character."""
    return json.dumps(value, ensure_ascii=False).replace("\x7f", "\\u007f")
