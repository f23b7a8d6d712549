"""Who somebody is by their signature: their title, where it surely is one."""

from __future__ import annotations

import re

_MOST_LINES = 30
_MOST_CHARS = 160  # of a line; a longer one is no title
_NEAR_NAME = 3  # lines below the name that a title stands on
_LONGEST = 60
_MOST_WORDS = 8

# What tells one thing of a line from the next. A comma may stand within a title: see _DEPARTMENTS.
_PARTS = re.compile(r"\s{0,4}[|•·●▪‖;,()<>]\s{0,4}|\s[-–—:@/]{1,2}\s|\s(?:at|bei|chez|beim|presso)\s|\t| {3}")
_LABEL = re.compile(
    r"^(?:job )?(?:title|position|role|funktion|stelle|poste|fonction|cargo|puesto)\s{0,2}:\s{0,2}", re.I
)
_CONTACT = re.compile(r"\d|@|https?:|www\.|\w\.\w\w", re.I)
_EDGES = " \t*_-–—|,.:;>\"'“”„«»‘’"

# What a person is, as one word.
_HEADS = frozenset(
    """
    manager director officer president founder cofounder co-founder owner co-owner ceo coo cfo cmo cto cio cco cpo
    chro cro vp svp evp avp head lead leader chief chair chairman chairwoman chairperson executive specialist
    coordinator co-ordinator assistant designer editor counsel associate analyst consultant producer buyer secretary
    administrator supervisor engineer planner strategist copywriter writer developer architect photographer
    illustrator accountant bookkeeper controller treasurer principal partner intern trainee registrar curator
    attorney lawyer paralegal representative rep planner researcher scientist advisor adviser ambassador dean
    headteacher principal pastor publisher estimator merchandiser buyer stylist technologist operator technician
    superintendent broker agent realtor
    geschäftsführer geschäftsführerin geschäftsleiter geschäftsleiterin geschäftsleitung prokurist prokuristin
    leiter leiterin leitung direktor direktorin referent referentin inhaber inhaberin vorstand vorständin
    vorsitzender vorsitzende assistenz assistentin assistent sachbearbeiter sachbearbeiterin berater beraterin
    einkäufer einkäuferin redakteur redakteurin beauftragter beauftragte koordinator koordinatorin managerin
    gründer gründerin gesellschafter grafiker grafikerin bereichsleiter teamleiter
    directeur directrice responsable gérant gérante chargé chargée chef cheffe président présidente fondateur
    fondatrice assistante coordinateur coordinatrice coordonnateur coordonnatrice attaché attachée conseiller
    conseillère acheteur acheteuse graphiste rédacteur rédactrice secrétaire adjoint adjointe pdg dg gestionnaire
    directora gerente jefe jefa presidente presidenta fundador fundadora cofundador cofundadora coordinador
    coordinadora propietario propietaria dueño dueña encargado encargada técnico técnica asistente administrador
    administradora comprador compradora diseñador diseñadora redactor redactora consejero consejera
    direttore direttrice responsabile titolare hoofd eigenaar diretor diretora
    """.split()
)
_GERMAN = re.compile(
    r"\w{3,30}(?:leiter|leitung|manager|direktor|beauftragte|beauftragter|referent|assistent|assistenz|führer"
    r"|berater|einkäufer|redakteur|designer|koordinator)(?:in|:in|\*in|/in|/-in|\(in\))?"
)
_DEPARTMENTS = frozenset(
    """
    marketing brand brands branding sales communications communication content creative digital design media social
    product products operations finance legal hr people procurement purchasing sourcing strategy growth development
    business corporate public relations affairs events research insights partnerships e-commerce ecommerce retail
    advertising customer client clients services success experience engineering technology it pr commercial
    administration quality compliance innovation editorial production global international north south east west
    america americas europe emea apac uk us dach regional national group vertrieb einkauf kommunikation
    unternehmenskommunikation werbung produktmanagement comercial marca ventas compras comunicación
    artistique commercial commerciale communication achats général générale generale generali general créatif
    créative financier financière technique adjoint adjointe creativo creativa financiero financiera ejecutivo
    ejecutiva técnico técnica regional nacional senior junior interim emeritus elect emérito
    """.split()
)
# "Founder Bloom Studio", "Owner of Bloom": behind these stands the company, and never a department.
_WHOLE = frozenset(
    """
    founder cofounder co-founder owner co-owner ceo president inhaber inhaberin gründer gründerin geschäftsführer
    geschäftsführerin propietario propietaria dueño dueña fundador fundadora fondateur fondatrice gérant gérante pdg
    titolare eigenaar
    """.split()
)
_JOINTS = frozenset(
    "of for to the and & + und für der des et de du des la le les l' à a en y e del di da zu van von".split()
)
_AND = frozenset("& and und et y e".split())
_PARTNERS = frozenset("managing senior founding equity general business hr people client".split())
# What stands in a company's name, a slogan or a badge, and in no title.
_NO_TITLE = frozenset(
    """
    gmbh mbh ag kg ohg ug gbr inc inc. incorporated ltd ltd. limited llc llp plc corp corp. corporation company co co.
    sa s.a. sas sarl sasu eurl sl s.l. srl s.r.l. spa s.p.a. bv b.v. nv pty oy ab studio studios agency
    university college school hospital bank magazine awards award winner certified year since sent
    we we're our ours you your yours us i i'm my me is are was that who where when with because it's be make
    wir unser unsere ihr ihre sie ist sind nous notre votre vos vous est somos nuestro nuestra su sus tu
    """.split()
)
_ARTICLES = frozenset("a an the ein eine der die das un une le la les el los las una your our office".split())


def role_of(signature: str, name: str) -> str | None:
    """
    The title in a signature ("Head of Marketing"), as it is written there; None where nothing surely is one.

    It stands on the line of the author's name or on one of the next three; where no line has the name,
    on the first. No company, number, slogan or department alone. `name` is the display name, "" where there
    is none. Total.
    """
    lines = [line for one in signature.split("\n", _MOST_LINES)[:_MOST_LINES] if (line := one.strip(_EDGES))]
    named = {part for one in name.split() if len(part := one.strip(_EDGES).casefold()) > 1}
    at = next((place for place, line in enumerate(lines) if named & set(_words(line))), None)
    near = lines[:1]
    if at is not None:
        near = [_without(lines[at], named), *lines[at + 1 : at + 1 + _NEAR_NAME]]
    return next((found for line in near if (found := _title_in(line))), None)


def _without(line: str, named: set[str]) -> str:
    """A line without the name at its head."""
    parts = _PARTS.split(line[:_MOST_CHARS], maxsplit=1)
    if len(parts) > 1 and named & set(_words(parts[0])):
        return parts[1]
    return "" if named & set(_words(line)) else line


def _title_in(line: str) -> str | None:
    if len(line) > _MOST_CHARS:
        return None
    parts = [part for one in _PARTS.split(_LABEL.sub("", line)) if (part := one.strip(_EDGES))]
    for at, part in enumerate(parts):
        if title := _title(part):
            after = parts[at + 1] if at + 1 < len(parts) else ""
            whole = f"{title}, {after}"
            joined = _title(after) is None and after and set(_words(after)) <= _DEPARTMENTS | _AND
            return whole if joined and whole in line and title == part else title
    return None


def _title(part: str) -> str | None:
    """A part of a line if it is a title, without the company that follows it; else None."""
    written, words = part.split(), _words(part)
    if not 1 <= len(words) <= _MOST_WORDS or len(part) > _LONGEST or _CONTACT.search(part):
        return None
    if words[0] in _ARTICLES or part.endswith(("!", "?", "…")) or "leader in" in " ".join(words):
        return None
    heads = [at for at, word in enumerate(words) if _is_head(word)]
    if not heads:
        return None
    end = len(words)
    if words[heads[-1]] in _WHOLE and not set(words[heads[-1] + 1 :]) <= _DEPARTMENTS | _AND:
        end = heads[-1] + 1
    if set(words[:end]) & _NO_TITLE or not _is_closed(words[:end], heads):
        return None
    if "partner" in words[:end] and end > 1 and not set(words[:end]) & (_PARTNERS | (_HEADS - {"partner"})):
        return None
    return " ".join(written[:end]).strip(_EDGES.replace(".", "")) or None


def _is_closed(words: list[str], heads: list[int]) -> bool:
    """Whether what follows the last word for a person belongs to the title: nothing, a joint, or a department."""
    last = max(at for at in heads if at < len(words))
    rest = words[last + 1 :]
    return (
        not rest or rest[0] in _JOINTS or rest[0].startswith(("d'", "d’", "l'")) or set(rest) <= _DEPARTMENTS
    )


def _is_head(word: str) -> bool:
    return any(one in _HEADS or _GERMAN.fullmatch(one) is not None for one in word.split("/"))


def _words(line: str) -> list[str]:
    return [one.strip('*_()[]"“”,;:|').casefold() for one in line[:_MOST_CHARS].split()]
