"""How mail clients introduce what they quote, in the languages of our clients."""

from __future__ import annotations

import re

# "wrote" as Gmail, Apple Mail, Thunderbird, Outlook for Mac and Yahoo put it at the end of the line above a quote.
_WROTE = (
    "wrote|writes|schrieb|a écrit|a ecrit|escribió|escribio|escreveu|ha scritto|scrisse|schreef"
    "|heeft geschreven"
    "|skrev|skreiv|kirjoitti|napisał|napisała|napisał\\(a\\)|napsal|napsal\\(a\\)|napísal|написал|написала"
    "|пишет|写道|書きました"
    "|のメール|님이 작성|작성|yazdı|geschreven"
)
WROTE = re.compile(rf"(?:{_WROTE})[^:：\n]{{0,100}}[:：]?[ \u200b]{{0,2}}$", re.I)
# How the line begins: a weekday or "On", a date, or (Yahoo, Thunderbird) the name itself.
BEGINS = re.compile(
    r"(?:On|Am|Le|El|Em|Il|Op|Den|På|Dne|W dniu|Dnia|В|Mon|Tue|Wed|Thu|Fri|Sat|Sun|пн|вт|ср|чт|пт|сб|вс)\b"
    r"|\d{1,4}[./年-]|20\d\d",
    re.I,
)
# What only an attribution has: an address, a time of day, a year.
EVIDENCE = re.compile(
    r"[\w.+-]{1,64}@[\w-]{1,63}\.|\b\d{1,2}[:.h]\d\d\b|\b(?:19|20)\d\d\b|\b\d{1,2}/\d{1,2}/\d\d\b"
)

# The header block that Outlook puts above a quote; Windows Mail, Exchange and Lotus do alike.
LABELS = {
    "from": "From|Von|De|Da|Van|Från|Fra|Od|От|差出人|发件人|寄件者|보낸 사람|Lähettäjä|Kimden",
    "sent": "Sent|Date|Gesendet|Datum|Envoyé|Envoyé le|Enviado|Enviado el|Enviada em|Fecha|Data|Inviato"
    "|Verzonden"
    "|Skickat|Sendt|Dato|Wysłano|Odesláno|Отправлено|Дата|送信日時|日期|发送时间|보낸 날짜|Lähetetty|Gönderilme",
    "to": "To|An|À|A|Para|Aan|Till|Til|Do|Komu|Кому|宛先|收件人|받는 사람|Vastaanottaja|Kime|Pour",
    "cc": "Cc|Kopie|Kopia|Копия|CC|抄送|참조",
    "subject": "Subject|Betreff|Objet|Asunto|Assunto|Oggetto|Onderwerp|Ämne|Emne|Temat|Předmět|Тема|件名|主题|主旨"
    "|제목|Aihe"
    "|Konu",
}
LABEL = re.compile(
    "|".join(rf"(?P<{name}>^\*?(?:{words})\*? ?[:：]\*?(?:\s|$))" for name, words in LABELS.items()), re.I
)

# A rule that says it all.
DIVIDER = re.compile(
    r"^[ >]{0,4}-{2,12} ?(?:Original Message|Original-Nachricht|Ursprüngliche Nachricht|Originalnachricht"
    r"|Message d'origine"
    r"|Message d’origine|Mensaje original|Mensagem original|Messaggio originale|Oorspronkelijk bericht"
    r"|Originalmeddelande|Oprindelig meddelelse|Opprinnelig melding|Original meddelelse|Wiadomość oryginalna"
    r"|Původní zpráva|Исходное сообщение|Original Appointment|Reply message|元のメッセージ|原始邮件|원본 메시지) ?-{2,12}",
    re.I,
)
FORWARD_DIVIDER = re.compile(
    r"^[ >*]{0,4}(?:-{2,12} ?(?:Forwarded message|Forwarded Message|Weitergeleitete Nachricht"
    r"|Message transféré"
    r"|Message transmis|Mensaje reenviado|Mensagem encaminhada|Messaggio inoltrato|Doorgestuurd bericht"
    r"|Doorgestuurde bericht|Vidarebefordrat meddelande|Videresendt melding|Videresendt meddelelse"
    r"|Wiadomość przekazana|Przekazana wiadomość|Přeposlaná zpráva|Пересылаемое сообщение"
    r"|Пересланное сообщение"
    r"|転送されたメッセージ|转发邮件|전달된 메시지|Forwarded by [^\n]{1,120}) ?:?-{0,12}"
    r"|Begin forwarded message ?:|Anfang der weitergeleiteten Nachricht ?:|Début du message réexpédié ?:"
    r"|Début du message transféré ?:|Inicio del mensaje reenviado ?:|Início da mensagem reencaminhada ?:"
    r"|Inizio messaggio inoltrato ?:|Begin doorgestuurd bericht ?:|Vidarebefordrat brev ?:"
    r"|Start på videresendt besked ?:|Videresendt melding ?:|Початок|Начало переадресованного сообщения ?:)",
    re.I,
)
RULE = re.compile(r"^[_]{5,}\s{0,3}$|^-{20,}\s{0,3}$")

# What phones and apps write below a mail.
SENT_FROM = re.compile(
    r"^(?:Sent from (?:my|Mail for|Outlook|Yahoo|Proton|Samsung|a |Windows|Gmail|Spark|the )|Get Outlook for"
    r"|Sent via |Sent with (?:Proton|Spark|Superhuman|Mimestream)|Von meinem .{1,40} gesendet|Gesendet von"
    r"|Gesendet mit"
    r"|Envoyé de(?:puis)? (?:mon|ma|l'|l’|Outlook|Yahoo)|Enviado desde mi|Enviado do meu|Enviado de mi"
    r"|Enviado a partir do"
    r"|Inviato da(?:l mio)? |Verzonden (?:vanaf|van|met|via) |Verstuurd vanaf|Skickat från min|Sendt fra min"
    r"|Wysłane z"
    r"|Odesláno z|Отправлено (?:с|из)|iPhoneから送信|发自我的|從我的|나의 iPhone|Télécharger Outlook|Obtenir Outlook"
    r"|Downloaden? Outlook"
    r"|Outlook für|Descargar Outlook|Lähetetty|iPhone'umdan)",
    re.I,
)
# A legal footer, whole paragraphs of it.
LEGAL = re.compile(
    r"confidential|intended (?:only |solely )?(?:for|recipient)|addressee|received (?:this|it) in error"
    r"|privileged"
    r"|unauthori[sz]ed|disclaimer|protected health information|attorney.client|vertraulich|bestimmungsgemäße"
    r"|confidentiel|destinataire|confidencial|destinatario|destinatário|riservat|vertrouwelijk|geadresseerde"
    r"|registered (?:in|office|company)|Handelsregister|Geschäftsführer|Amtsgericht|before printing|virus"
    r"|no contract is",
    re.I,
)
# What a gateway puts above.
BANNER = re.compile(
    r"^\W{0,6}(?:\[?EXTERNAL(?: EMAIL| SENDER| MAIL)?\]?\b|CAUTION\b|WARNING\b[^.]{0,40}(?:external|outside)|"
    r"ACHTUNG\b[^.]{0,60}extern|ATTENTION\b[^.]{0,60}extern|This (?:e-?mail|message) (?:originated|came"
    r"|was sent) from outside"
    r"|You don't often get (?:e-?mail|messages) from|Some people who received this message don't often get"
    r"|EXTERNE?R? (?:E-?MAIL|MAIL)"
    r"|Diese E-?Mail (?:kommt|stammt) von (?:extern|außerhalb)|Ce (?:courriel|message) provient de l)",
    re.I,
)
