"""Announcements of an absence that come without a field that says so."""

from __future__ import annotations

import re
from collections.abc import Iterator

_NOTE_CHARS = 1_500  # an announcement is short
_BEGINS_WITHIN = 250  # and says at once what it is
_LONGEST = 200  # more than the longest words that say so

# The announcement itself.
_ABSENT = re.compile(
    r"\b(?:(?:i|we)(?: a|['’])(?:m|re) (?:\w{1,12} ){0,2}(?:out of (?:the )?(?:office|country)|ooo\b|away\b|out\b|on (?:\w{1,12} ){0,2}(?:leave|holidays?|vacation|pto)\b|not in the office|unavailable|travell?ing)"
    r"|(?:i|we)(?: wi|['’])ll be (?:\w{1,12} ){0,2}(?:out of (?:the )?office|away\b|out\b|on (?:\w{1,12} ){0,2}(?:leave|holidays?|vacation)\b|unavailable|travell?ing)"
    r"|thank you for your (?:e-?mail|message|enquiry)\W{1,3}(?:our|the|my) (?:office|offices|studio) (?:is|are|will be) (?:currently )?closed"
    r"|ich (?:bin|befinde mich|werde) .{0,60}(?:nicht (?:im (?:büro|haus)|erreichbar)|nicht am arbeitsplatz|abwesend|außer haus|im urlaub|in urlaub|in elternzeit|auf dienstreise|unterwegs)|bin ich .{0,60}(?:nicht (?:im büro|erreichbar)|abwesend|außer haus|im urlaub|in elternzeit)"
    r"|je (?:suis|serai) (?:\w{1,14} ){0,3}(?:absente?|en congés?|en vacances|en déplacement|indisponible|hors du bureau)"
    r"|(?:estoy|estaré|me encuentro|me encontraré|estaremos) (?:\w{1,14} ){0,3}(?:fuera de (?:la )?oficina|de vacaciones|ausente|de viaje|de baja|de permiso)"
    r"|(?:estou|estarei|encontro-me|encontrar-me-ei) (?:\w{1,14} ){0,3}(?:ausente|de férias|em férias|fora do escritório|fora da empresa|em viagem|de licença)"
    r"|(?:sono|sarò|siamo) (?:\w{1,14} ){0,3}(?:fuori (?:ufficio|sede)|assente|in ferie|in vacanza|in trasferta|in congedo)"
    r"|ik ben (?:[\w.-]{1,14} ){0,7}(?:afwezig|niet (?:op kantoor|aanwezig|bereikbaar)|(?:met|op) (?:vakantie|verlof)|uit kantoor)|ben ik (?:[\w.-]{1,14} ){0,7}(?:afwezig|niet (?:op kantoor|aanwezig|bereikbaar)|(?:met|op) (?:vakantie|verlof))"
    r"|jag är (?:[\w.]{1,14} ){0,4}(?:på semester|på resande fot|inte på kontoret|frånvarande|ledig|föräldraledig|tjänstledig|borta)"
    r"|jeg (?:er|holder|har) (?:[\w.]{1,14} ){0,4}(?:på ferie|ferie|ikke på kontoret|fraværende|ude af kontoret|ute av kontoret|på barsel|bortreist|bortrejst|på reise|ikke til stede)"
    r"|(?:jestem|będę|przebywam) (?:[\w.]{1,14} ){0,4}(?:nieobecn[ya]|na urlopie|poza biurem|niedostępn[ya]|w delegacji)|(?:olen|olemme) (?:[\w.]{1,14} ){0,4}(?:lomalla|poissa|vuosilomalla)|я (?:\w{1,14} ){0,4}(?:в отпуске|отсутствую|вне офиса|в командировке)"
    r")|(?:^|[.!,\n] {0,3})(?:currently )?(?:out of (?:the )?office|on (?:annual |parental |maternity )?leave) (?:until|from|through|till)"
    r"|(?:休暇|不在|出張|休業)(?:中|を(?:いただ|頂|取得)|のため|と(?:なり|させ)|にさせ|し)|(?:正在|我在|目前|现在|本人|我将|我會|我会)[^。\n]{0,16}(?:休假|外出|出差|度假|不在办公室|不在辦公室|请假)",
    re.I,
)
# Subjects of such mail that people write, too.
_ABSENT_SUBJECT = re.compile(
    r"\W{0,4}(?:\[[^\]\n]{1,40}\]\s{0,4}){0,3}(?:auto ?:|out of (?:the )?office|ooo\b|(?:i['’]?a?m |currently )?away\b|(?:on )?(?:annual |parental )?leave\b|(?:on )?(?:vacation|holiday)s?\b|.{1,60} is (?:currently )?out of (?:the )?office|not in (?:the )?office|absence\b|absent\b"
    r"|abwesen(?:d|heit)|nicht im büro|im urlaub|urlaub\b|.{1,60} ist (?:außer haus|abwesend)|congés?\b|en (?:congés?|vacances)|.{1,60} est absente?|hors du bureau|fuera de (?:la )?oficina|ausencia|de vacaciones|vacaciones|ausente|fora do escritório|ausência|de férias|férias|fuori (?:ufficio|sede)|assen(?:za|te)"
    r"|in ferie|ferie\b|afwezig(?:heid)?|niet op kantoor|vakantie|frånvar(?:o|ande)|inte på kontoret|semester\b|fravær\w{0,6}|ikke (?:på kontoret|til stede)|nieobecność|urlop\b|poza biurem|poissa|不在|休暇|外出|休假|不在办公室|부재 중)",
    re.I,
)
# One of these stands in each clause of an announcement: where and how long, mail and telephone, who
# stands in, a greeting. Thanks alone are none of them: people say thanks and that they are away.
_TALK = re.compile(
    r"\boffice|\booo\b|\bout (?:of|until|from)\b|\baway\b|\b(?:annual|parental|maternity|on) leave\b|\bvacation|\bholiday|\breturn|\bback\b|\baccess\b|\be-?mails?\b|\bmail(?:en|s)?\b(?! (?:the|it|them|me|us))|\be-?post|\b(?:quer(?:y|ies)|enquir\w{1,3}|inquir\w{1,3}|matters?)\b|\bmessages?\b|\bvoicemail|\bcontact|\breach\b|\bcall\b|\burg[eê]n|\bassist|\b(?:meantime|meanwhile|interim)\b|\bcolleague"
    r"|\b(?:cover\w{0,3}|stand\w{0,3} in|fill\w{0,3} in) (?:for )?me\b|\brepl(?:y|ies)\b|\brespond|\bresponse|\bunavailable|\babsence|\binconvenience|\bunderstanding|\bpatience|\bemergenc|\bclosed\b|\bautomat|\btravell?ing|\bimmediate|\bforwarded\b|\b(?:dear|hello|hi|good (?:morning|day|afternoon))\b"
    r"|\bhave a (?:great|nice|good|lovely) |büro|abwesen|urlaub|erreichbar|zurück|rückkehr|dringend|wenden|vertret|e-?mail|nachricht|weitergeleitet|beantwort|anliegen|kolleg|melde|guten tag|hallo|liebe|sehr geehrte|bis (?:zum|einschließlich)|verständnis|außer haus|telefon|elternzeit|dienstreise"
    r"|absen[tc]|congé|vacances|déplacement|retour|messagerie|courriel|contacter|joindre|urgen|écrire|adresser|remplac|bonjour|répond|oficina|vacaciones|ausen|vuelta|regres|correo|mensaje|contact|responder|hola\b|buenos|estimad|comprensión|férias|escritório|volt[oae]|contat|olá\b|bom dia|mensage|licença"
    r"|ufficio|\bferie|assen|rientr|torn[oe]|\bposta\b|messaggi|contatt|rivolger|rispond|buongiorno|salve\b|gentile|afwezig|kantoor|vakantie|terug|bericht|bereik|dringende|spoed|beantwoord|beste\b|goedendag|verlof|semester|kontor|frånvar|tillbaka|åter|mejl|meddelande|brådskande|kontakt|\bhej\b|\bsvara?r?\b"
    r"|fravær|tilbage|tilbake|haster|henvend|besked|barsel|urlop|nieobecn|biur|wrac|powr[oó]|wiadomo|piln|skontakt|dzień dobry|poissa|loma|takaisin|kiireel|отпуск|отсутств|срочн|свя[зж]|вернусь|здравствуйте|командировк|офис"
    r"|不在|休暇|出張|休業|連絡|返信|返事|メール|お急ぎ|了承|自動|申し訳|よろしく|世話|お問い合わせ|対応|戻|休假|外出|出差|度假|联系|聯繫|回复|回覆|邮件|郵件|紧急|緊急|谢谢|謝謝|您好|你好|返回|请假|办公室|自动",
    re.I,
)
# When they are back, or who stands in.
_RETURNS = re.compile(
    r"\b(?:until|till|through|return\w{0,3}|back|contact|reach|urgent\w{0,2}|emergenc\w{1,3}|limited|no access)\b|\bfrom .{1,30} to\b|\bbis\b|wieder|zurück|dringend|wenden|vertret|jusqu|retour|contacter|urgen|\bdu \d|adress|hasta|vuelta|regres|até\b|volt|contat|fino|rientr|torn[oe]|contatt|\btot\b|terug|dringende|spoed|tillbaka|åter"
    r"|brådskande|kontakt|\btill?\b|tilbage|tilbake|haster|\bdo\b|wrac|powr[oó]|piln|skontakt|asti\b|saakka|takaisin|\bдо |вернусь|срочн|まで|連絡|返信|対応|至|直到|返回|联系|聯繫|回复|紧急",
    re.I,
)
# What it never says: it asks for work, decides, warns ahead, or is about a piece of work.
_NO_ANNOUNCEMENT = re.compile(
    r"[?？]|\bapprov(?:ed?|ing)\b|\bsign(?:ed)? off\b|\bgo ahead\b|\blooks? (?:good|great|fine|perfect)|\b(?:is|are|am|that['’]s|all) (?:\w{1,8} )?(?:fine|okay|ok|good|happy|great)\b|\blove it\b|\bheads[ -]?up|\bjust (?:so you know|to let you know|a (?:quick |short |gentle )?(?:note|reminder|heads))|\bfyi\b"
    r"|\b(?:send|share|give|forward) (?:me|us|it|them|the|over)\b|\b(?:e-?mail|call|write|ring|text) (?:me|us)\b(?! (?:on|at) (?:my |\+|\d))|\b(?:can|could|would|will) you\b|\blet['’]s\b|\bi(?:['’]d| would) (?:like|prefer|love)\b|\b(?:we|i) need\b"
    r"|\bbefore (?:then|i|that|my)\b|\battached\b|\binvoice|\bgo (?:with|for)\b|\bwe(?:['’]ll| will)? take\b|\bprefer|\bdeadline|\bversion\b|\boption\b|\bbudget\b|\bfreigegeben|\bfreigabe|\bbitte (?:\w{1,14} ){0,4}(?:schick|send|änder|prüf|bestätig|stopp)|\bkönnten sie|\bkönnt ihr|\bvalid[ée]|\bbon à tirer|\baprobad|\bapprovat|\baprovad|\bgoedgekeurd|\bakkoord|\bgodkän[dt]|\bgodkendt|\bgodkjent|\bskicka\b|\bsende? (?:mig|meg|os|oss)\b|\bzatwierdz|承認|送ってください|お送りください|批准|请发|请把|同意",
    re.I,
)
# Nor is it about a piece of work.
_WORK = re.compile(
    r"\b(?:layouts?|proofs?|estimates?|quotes?|artworks?|copy|designs?|logos?|brochures?|flyers?|posters?|campaigns?|banners?|headlines?|storyboards?|contracts?|mock-?ups?|drafts?|print run|samples?|mailing|colou?rs?|photos?|video|website)\b"
    r"|\bangebot|entwurf|entwürf|plakat|\banzeige|kampagne|variante|rechnung|\bdruck|\bdevis\b|maquette|\baffiche|campagn|\bvisuel|facture|épreuve|presupuesto|\bcartel|campaña|factura|diseñ|preventiv|\bbozz[ae]|grafica|fattura|orçamento|cartaz|campanha|fatura"
    r"|\boffert|ontwerp|drukproef|factuur|\btilbud|affisch|kampanj|faktura|korrektur|\bofert|projekt\b|校正|見積|デザイン|(?<!ご)案(?!内|件)|方案|报价|設計|设计",
    re.I,
)
# Who is away asks for nothing but to turn to somebody else, or for patience.
_ASKS = re.compile(
    r"\b(?:please|pls|kindly|bitte|merci (?:de|d['’])|veuillez|prière de|p(?:ouv|ourri)ez-vous|por favor|(?:le|les|os) ruego|per favore|per cortesia|si prega|(?:vi|la|ti) prego|alstublieft|graag|gelieve|kunt u|kun je|vänligen|var vänlig|venligst|vennligst|proszę|prosimy|пожалуйста|просьба)\b",
    re.I,
)
_TURN_ELSEWHERE = re.compile(
    r"\bcontac?t|\breach\b|\bcall\b|\be-?mail\b|\b(?:write|speak|talk) to\b|\b(?:ask|direct|refer)\b|\bforward your\b|\bget in touch|\bdo not\b|\bdon['’]t|\bnote that\b|\baccept|\bexcuse|\ballow\b|\bexpect\b|\bbear with|\bbe (?:aware|advised|patient)|\bunderst|\bpatien"
    r"|\b(?:zu )?wenden\b|\bkontakt|\bkolleg|vertret|\ban (?:herrn?|frau|mein|unser)|\b(?:an|zu)?(?:zu)?ruf|verständnis|geduld|\bbeacht|entschuld|\bjoindre|\bécri(?:re|vez)|\badress|\bappel|\bpatient|\bnoter|\bllam|\bescrib|\bdirij|\bdirig|\bcomuní|\bcomuniq|\bdisculp"
    r"|\brivolg|\bscriv|\bchiam|\bpazient|\bscus|\bbel(?:len|t)?\b|\bmail(?:en|t)?\b|\bwacht|\bterecht\b|\blig(?:ar|ue)\b|\bescrev|\baguard|\bdesculp|\bring\b|\bskriv|\bvänd|\bhenvend|\bvent\b|\btålmod|\bskontakt|\bdzwoni|\bpisa[ćn]|\bzwróci|связ|обра[тщ]|звон",
    re.I,
)
_CLAUSE_END = re.compile(
    r"(?:[!;:…]|(?<!\d)\.){1,20}(?=\s|$)|(?<=\d)\.(?=\s{1,4}\W?[^\W\d_a-zß-öø-ÿ]|\s*$)|[。！；\n]+|, (?=(?:please|contact|call|we|it|that|this|he|she|they|you|bitte|wir|danach|dann|on|nous|merci|nos|por favor|ci|per favore|we|graag|vi|kontakt)\b)| (?:and|und|et|y|e|en|och|og) (?=(?:we|it|that|this|the|please|he|she|they|you|contact|call|wir|das|die|der|bitte|on|nous|le|la|merci|nos|el|por|ci|il|per|de|het|graag|vi|den|det)\b)|,? (?:but|so|aber|also|daher|mais|donc|alors|pero|así que|ma|quindi|mas|então|maar|dus|men|så|ale|więc) "
)
_CLOSING = re.compile(
    r"\W{0,3}(?:(?:(?:kind|best|warm|many) )?(?:regards|wishes)|best|(?:many )?thanks|thank you|cheers|(?:yours )?sincerely|yours|(?:mit )?(?:freundliche[nr]?|beste[nr]?|viele|liebe|herzliche) grü(?:ß|ss)e?n?|mfg|lg|(?:vielen |besten |herzlichen )?danke?"
    r"|(?:bien )?cordialement|bien à vous|merci(?: d['’]avance)?|(?:un )?(?:cordial )?saludos?|(?:muchas )?gracias|atentamente|atenciosamente|(?:com os melhores )?cumprimentos|obrigad[oa]|(?:cordiali|distinti) saluti|saluti|grazie|met vriendelijke groet(?:en)?|groet(?:en|jes)?|bedankt"
    r"|(?:med )?(?:vänliga? )?hälsning(?:ar)?|(?:med )?ven(?:n)?lig hilsen|mvh|hilsen|tack|takk?|pozdrawiam|z poważaniem|dziękuję)\b.{0,40}$",
    re.I,
)
_REACHED_AT = re.compile(r"[\W\d]{0,60}|\S{1,80}@\S{1,80}")  # a telephone number, an address


def announced_absence(subject: str, own: str) -> str | None:
    """
    The words that announce an absence, where the newly written words are that and nothing else; None otherwise.

    They begin with it (a greeting, and thanks for the mail, may stand before), are short, ask nobody for
    anything but to turn to somebody else, and have no clause about another thing. Without a subject that
    says so, too, they name a return or who stands in. What a person writes of their plans beside something
    else is that person's. Total, and linear.
    """
    own = own.strip()
    if len(own) > _NOTE_CHARS:
        return None
    absent = _ABSENT.search(own[: _BEGINS_WITHIN + _LONGEST])
    if not absent or absent.start() > _BEGINS_WITHIN or _is_of_more(own):
        return None
    note = _without_closing(own)
    if not (_ABSENT_SUBJECT.match(subject[:300]) or _RETURNS.search(note)) or len(note) < absent.end():
        return None
    if not all(_belongs(note, start, end, absent.span()) for start, end in _clauses(note)):
        return None
    return " ".join(absent[0].strip(" .!,\n").split())


def _is_of_more(own: str) -> bool:
    return _NO_ANNOUNCEMENT.search(own) is not None or _WORK.search(own) is not None


def _belongs(note: str, start: int, end: int, absent: tuple[int, int]) -> bool:
    """Whether a clause is the announcement, or one of those that go with it."""
    clause = note[start:end].strip(" ,")
    if _ASKS.search(clause) and not _TURN_ELSEWHERE.search(clause):
        return False
    if (start <= absent[0] < end) or _TALK.search(clause) or _REACHED_AT.fullmatch(clause[:200]):
        return True
    is_line = note[:start].rstrip(" ").endswith("\n") and note[end : end + 1] in ("", "\n")
    return start > absent[0] and ((is_line and _is_name(clause)) or _CLOSING.match(clause[:120]) is not None)


def _is_name(line: str) -> bool:
    """Whether a line is a signature's: "Ann Tully", "Director, Brand"."""
    names = line.split()
    return len(names) <= 6 and all(one[0].isupper() or not one[0].isalpha() for one in names)


def _without_closing(own: str) -> str:
    lines = own.split("\n")
    closing = next((n for n, line in enumerate(lines) if n and _CLOSING.match(line[:120])), len(lines))
    return "\n".join(lines[:closing])


def _clauses(note: str) -> Iterator[tuple[int, int]]:
    """Where each clause starts and ends."""
    start = 0
    for mark in _CLAUSE_END.finditer(note):
        yield start, mark.start()
        start = mark.end()
    yield start, len(note)
