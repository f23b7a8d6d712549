"""Authentication-Results as mail servers write it, in the place where they write it, and forged beside it."""

from __future__ import annotations

import pytest

from parsers.authentication import MICROSOFT365, is_authentic
from parsers.message import parse_message

FROM = "From: Maya Chen <maya@northlight.example>"
OURS = "mx.northlight.example"
OUTSIDE = "Received: from [203.0.113.9] by mail.evil.example with ESMTPSA; Wed, 11 Nov 2026 08:05:00 -0500"


def verdict(trust: str, *lines: str) -> bool | None:
    return is_authentic(parse_message("\r\n".join([*lines, FROM, "", "x"]).encode()), authserv_id=trust)


GMAIL = (
    "Delivered-To: practiq@northlight.example",
    "Received: by 2002:a05:6402:1d4c:b0:123:4567 with SMTP id x12csp1; Wed, 11 Nov 2026 05:05:08 -0800 (PST)",
    "X-Received: by 2002:a17:906:c150 with SMTP id d16mr1; Wed, 11 Nov 2026 05:05:07 -0800 (PST)",
    "ARC-Authentication-Results: i=1; mx.google.com; dkim=pass header.i=@northlight.example header.s=google;"
    " dmarc=pass (p=NONE) header.from=northlight.example",
    "Return-Path: <maya@northlight.example>",
    "Received: from mail-sor-f41.google.com (mail-sor-f41.google.com. [209.85.220.41])\r\n by mx.google.com with SMTPS"
    " id q66-v6sor6761125oif.234; Wed, 11 Nov 2026 05:05:07 -0800 (PST)",
    "Received-SPF: pass (google.com: domain of maya@northlight.example designates 209.85.220.41 as permitted sender)",
    "Authentication-Results: mx.google.com;\r\n       dkim=pass header.i=@northlight.example header.s=google header.b=MfBf/LLZ;\r\n"
    "       spf=pass (google.com: domain of maya@northlight.example designates 209.85.220.41 as permitted sender)"
    " smtp.mailfrom=maya@northlight.example;\r\n       dmarc=pass (p=QUARANTINE sp=QUARANTINE dis=NONE)"
    " header.from=northlight.example",
    "Received: by mail-sor-f41.google.com with SMTP id z9; Wed, 11 Nov 2026 05:05:06 -0800 (PST)",
)
FASTMAIL = (
    "Return-Path: <maya@northlight.example>",
    "Received: from compute6.internal (compute6.nyi.internal [10.202.2.47]) by sloti22d1t06 (Cyrus 3.1.5) with LMTPA; Wed, 11 Nov 2026 08:05:03 -0500",
    "X-Delivered-to: practiq@northlight.example",
    "Received: from mx1 ([10.202.2.200]) by compute6.internal (LMTPProxy); Wed, 11 Nov 2026 08:05:03 -0500",
    "Received: from mx1.messagingengine.com (localhost [127.0.0.1]) by mailmx.nyi.internal (Postfix) with ESMTP id 1; Wed, 11 Nov 2026 08:05:02 -0500",
    "Received: from mx1.messagingengine.com (localhost [127.0.0.1])\r\n    by mx1.messagingengine.com (Authentication Milter) with ESMTP id 2; Wed, 11 Nov 2026 08:05:02 -0500",
    "ARC-Authentication-Results: i=1; mx1.messagingengine.com; dmarc=pass header.from=northlight.example",
    "Authentication-Results: mx1.messagingengine.com;\r\n    arc=none (no signatures found);\r\n    bimi=skipped (DMARC Policy is not at enforcement);\r\n"
    "    dkim=pass (2048-bit rsa key sha256) header.d=northlight.example\r\n      header.i=@northlight.example header.b=Ux1yvCZP header.a=rsa-sha256 header.s=fm1;\r\n"
    "    dmarc=pass policy.published-domain-policy=none policy.applied-disposition=none\r\n      (p=none,d=none,d.eval=none) policy.policy-from=p header.from=northlight.example;\r\n"
    "    iprev=pass smtp.remote-ip=209.85.167.172 (mail-oi1-f172.google.com);\r\n    spf=pass smtp.mailfrom=maya@northlight.example smtp.helo=mail-oi1-f172.google.com;\r\n"
    "    x-tls=pass smtp.version=TLSv1.3 smtp.bits=256/256",
    "Received: from mail-oi1-f172.google.com (mail-oi1-f172.google.com [209.85.167.172]) by mx1.messagingengine.com (Postfix) with ESMTPS; Wed, 11 Nov 2026 08:05:01 -0500",
)
EXCHANGE = (
    "Received: from AS8PR01MB1.eurprd01.prod.outlook.com (2603:10a6::1) by\r\n DB9PR01MB2.eurprd01.prod.outlook.com with HTTPS; Wed, 11 Nov 2026 13:05:03 +0000",
    "Received: from DU2PR04CA0.eurprd04.prod.outlook.com by AS8PR01MB1.eurprd01.prod.outlook.com; Wed, 11 Nov 2026 13:05:02 +0000",
    "Authentication-Results: spf=pass (sender IP is 209.85.167.172)\r\n smtp.mailfrom=northlight.example; dkim=pass (signature was verified)\r\n"
    " header.d=northlight.example;dmarc=pass action=none\r\n header.from=northlight.example;compauth=pass reason=100",
    "Received-SPF: Pass (protection.outlook.com: domain of northlight.example designates 209.85.167.172 as permitted sender)",
    "Received: from mail-oi1-f172.google.com (209.85.167.172) by\r\n DB5EUR01FT012.mail.protection.outlook.com (10.152.4.1); Wed, 11 Nov 2026 13:05:01 +0000",
)  # fmt: skip
POSTFIX = (  # below its own Received: each filter adds a field above that of the one before it
    "Delivered-To: practiq@northlight.example",
    f"Received: from mail.office.example by {OURS} (Postfix) with ESMTPS id 4XyZ; Wed, 11 Nov 2026 08:05:03 -0500",
    f"Authentication-Results: {OURS}; dmarc=pass (p=none dis=none) header.from=northlight.example",
    f"Authentication-Results: {OURS};\r\n\tdkim=pass (2048-bit key; unprotected) header.d=northlight.example header.i=@northlight.example header.a=rsa-sha256 header.s=s1 header.b=q1Wl5FsA;\r\n\tdkim-atps=neutral",
)  # fmt: skip
RSPAMD = (
    f"Received: from mail.northlight.example by mail.northlight.example with LMTP id 1; Wed, 11 Nov 2026 08:05:04 -0500",  # noqa: F541
    f"Received: from out.office.example by {OURS} (Postcow) with ESMTPS id 2; Wed, 11 Nov 2026 08:05:03 -0500",
    f"Authentication-Results: {OURS};\r\n\tdkim=pass header.d=northlight.example header.s=dkim header.b=\"abc/1+d=\";\r\n\tdmarc=pass (policy=reject) header.from=northlight.example;\r\n"
    f"\tspf=pass ({OURS}: domain of maya@northlight.example designates 192.0.2.1 as permitted sender) smtp.mailfrom=maya@northlight.example",
)  # fmt: skip
FILTERS_ABOVE = (  # a field for each method, all above the server's own Received
    f"Authentication-Results: {OURS}; dkim=pass header.d=northlight.example",
    f"Authentication-Results: {OURS}; spf=fail smtp.mailfrom=lists.example",
    f"Received: from mail.office.example by {OURS}; Wed, 11 Nov 2026 08:05:03 -0500",
)
SERVERS = {
    "Gmail": ("mx.google.com", GMAIL),
    "Fastmail": ("mx1.messagingengine.com", FASTMAIL),
    "Exchange Online": (MICROSOFT365, EXCHANGE),
    "Postfix with opendkim and opendmarc": (OURS, POSTFIX),
    "rspamd": (OURS, RSPAMD),
    "filters above Received": (OURS, FILTERS_ABOVE),
}


@pytest.mark.pitfall("go-msgauth#64", "OpenDMARC#329", "khive#500")
@pytest.mark.parametrize("name", SERVERS)
def test_real_servers_vouch(name: str) -> None:
    """What each of these mail servers writes of an authentic mail is understood where it writes it."""
    trust, lines = SERVERS[name]

    assert verdict(trust, *lines) is True
    assert verdict(trust, *(one.replace("=pass", "=fail") for one in lines)) is False
    assert verdict("mx.another.example", *lines) is None


@pytest.mark.pitfall("itop-jb-mail#262", "Vibe-Trading#1508", "khive#500")
@pytest.mark.parametrize("name", SERVERS)
def test_forged_fields_below(name: str) -> None:
    """A field that came with the mail says nothing, with our server's id or Exchange's lack of one, be there one of
    our server's own or not."""
    trust, lines = SERVERS[name]
    id_ = "" if trust == MICROSOFT365 else f"{trust}; "
    forged = f"Authentication-Results: {id_}dkim=pass header.d=northlight.example; dmarc=pass header.from=northlight.example"
    silent = [one for one in lines if not one.startswith("Authentication-Results")]
    failing = [one.replace("=pass", "=fail") for one in lines]

    assert verdict(trust, *silent, OUTSIDE, forged) is None
    assert verdict(trust, *failing, OUTSIDE, forged) is False
    assert verdict(trust, *failing, forged) is False


def test_what_the_filters_of_one_server_say_together() -> None:
    """Above our own Received fields several are read as one, where a contradiction vouches for nothing."""
    dmarc = f"Authentication-Results: {OURS}; dmarc={{}} header.from=northlight.example"
    received = FILTERS_ABOVE[-1]

    assert verdict(OURS, *FILTERS_ABOVE[:2], dmarc.format("fail"), received) is False
    assert verdict(OURS, dmarc.format("pass"), dmarc.format("fail"), received) is False
    assert verdict(OURS, FILTERS_ABOVE[0], "Authentication-Results: ((", received) is True  # not ours
    assert verdict(OURS, FILTERS_ABOVE[0], f"Authentication-Results: {OURS}; dkim", received) is False


def test_below_our_received_nothing_is_added_to_the_topmost() -> None:
    """There a second field may have come with the mail: what it adds to ours does not count."""
    received = FILTERS_ABOVE[-1]
    forged = f"Authentication-Results: {OURS}; dmarc=pass header.from=northlight.example"

    assert verdict(OURS, received, f"Authentication-Results: {OURS}; spf=none", forged) is False


@pytest.mark.parametrize(
    ("said", "expected"),
    [
        ("dkim=none (message not signed) header.d=none;dmarc=none action=none header.from=northlight.example;", True),
        ("dkim=none (message not signed) header.d=none;dmarc=fail action=none header.from=northlight.example;", False),
        ("spf=fail smtp.mailfrom=northlight.example; dkim=none header.d=none;dmarc=none header.from=northlight.example;", False),
    ],
)  # fmt: skip
def test_mail_within_exchange(said: str, expected: bool) -> None:
    """Of its own organization's mail Exchange checks no signature, and says that it is internal; others cannot say so."""
    internal = "X-MS-Exchange-Organization-AuthAs: Internal"
    top, field = EXCHANGE[:2], f"Authentication-Results: {said}"

    assert verdict(MICROSOFT365, *top, field, internal) is expected
    assert verdict(MICROSOFT365, *top, field) is False
    assert verdict(MICROSOFT365, *top, field, internal, internal) is False
    assert verdict(MICROSOFT365, *top, field, internal.replace("Internal", "Anonymous")) is False
    assert verdict(OURS, f"Received: by {OURS}", f"Authentication-Results: {OURS}; {said}", internal) is False


@pytest.mark.pitfall("iterate#2340", "authres_status#86", "lemma-platform#509")
@pytest.mark.parametrize(
    ("head", "expected"),
    [
        (f"{OURS};", True),
        (f"{OURS} 1;", True),
        (f"(by) {OURS} (us) 1;", True),
        (f'"{OURS}";', True),
        (f"{OURS.upper()};", True),
        (f"{OURS} 2;", False),
        (f"{OURS}.evil.example;", None),
        (f"evil-{OURS};", None),
        (f"evil.example; {OURS};", None),
        (f"evil.example ({OURS});", None),
        (f"x.{OURS};", None),
        (f"({OURS};", None),
        (";", None),
        (f"{OURS}", False),
    ],
)
def test_only_the_whole_id_is_ours(head: str, expected: bool | None) -> None:
    """The id is compared whole: one that only contains ours, or that cannot be read, vouches for nobody."""
    field = f"Authentication-Results: {head} dmarc=pass header.from=northlight.example"

    assert verdict(OURS, f"Received: from a by {OURS}; now", field) is expected


@pytest.mark.pitfall("lemma-platform#509")
@pytest.mark.parametrize(
    "said",
    [
        "dmarc=fail (dmarc=pass header.from=northlight.example) header.from=northlight.example",
        'dmarc=fail reason="x; dmarc=pass" header.from=northlight.example',
        "dmarc=fail header.from=northlight.example; dmarc=pass header.from=northlight.example",
        "dmarc=pass header.from=northlight.example; dmarc=fail header.from=northlight.example",
        "dmarc=pass; spf=pass header.from=northlight.example",
        "dmarc=pass header.from=northlight.example.evil.example",
        "dmarc=pass header.from=evil.example header.from=northlight.example",
        "dmarc=bestguesspass header.from=northlight.example",
        "dmarc=pass smtp.mailfrom=northlight.example",
        "dkim=pass header.d=evil.example header.i=@northlight.example",
        "dkim=pass header.d=northlight.example header.i=@evil.example",
        "dkim=pass (x) header.d=northlight.example.evil.example",
        "dkim=fail header.d=northlight.example; dkim=pass header.d=evil.example",
        "spf=pass smtp.helo=northlight.example",
        "spf=pass smtp.mailfrom=evil.example smtp.helo=northlight.example",
        "dara=pass header.from=northlight.example",
        "dmarc=temperror header.from=northlight.example; dkim=pass header.d=northlight.example",
    ],
)
def test_tricks_within_a_field(said: str) -> None:
    """Comments, quoted strings, other clauses' properties and a second result never make a pass."""
    assert (
        verdict(OURS, f"Received: from a by {OURS}; now", f"Authentication-Results: {OURS}; {said}") is False
    )


@pytest.mark.parametrize("said", ["dkim=pass header.d=northlight.example", "spf=pass smtp.mailfrom=maya@mail.northlight.example",
                                  "dkim=pass header.i=@northlight.example"])  # fmt: skip
def test_where_dmarc_says_nothing(said: str) -> None:
    """A domain that publishes no DMARC record is vouched for by DKIM, or SPF, of its own."""
    for dmarc in ("", "; dmarc=none header.from=northlight.example"):
        assert verdict(OURS, f"Authentication-Results: {OURS}; {said}{dmarc}") is True
