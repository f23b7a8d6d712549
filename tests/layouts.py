"""How mail clients lay out a reply and a forward, client by client and language by language."""

from __future__ import annotations

from dataclasses import dataclass
from html import escape

from hypothesis import strategies as st

DANA = "Dana Ruiz <dana@acme.example>"

# The line above what is quoted, "> " before each quoted line.
ATTRIBUTIONS = {
    "gmail en": "On Tue, Nov 10, 2026 at 4:03 PM Dana Ruiz <dana@acme.example> wrote:",
    "gmail de": "Am Di., 10. Nov. 2026 um 16:03 Uhr schrieb Dana Ruiz <dana@acme.example>:",
    "gmail fr": "Le mar. 10 nov. 2026 à 16:03, Dana Ruiz <dana@acme.example> a écrit :",
    "gmail es": "El mar, 10 nov 2026 a las 16:03, Dana Ruiz (<dana@acme.example>) escribió:",
    "gmail it": "Il giorno mar 10 nov 2026 alle ore 16:03 Dana Ruiz <dana@acme.example> ha scritto:",
    "gmail pt": "Em ter., 10 de nov. de 2026 às 16:03, Dana Ruiz <dana@acme.example> escreveu:",
    "gmail nl": "Op di 10 nov 2026 om 16:03 schreef Dana Ruiz <dana@acme.example>:",
    "gmail sv": "Den tis 10 nov. 2026 kl 16:03 skrev Dana Ruiz <dana@acme.example>:",
    "gmail da": "Den tirs. 10. nov. 2026 kl. 16.03 skrev Dana Ruiz <dana@acme.example>:",
    "gmail no": "tir. 10. nov. 2026 kl. 16:03 skrev Dana Ruiz <dana@acme.example>:",
    "gmail pl": "wt., 10 lis 2026 o 16:03 Dana Ruiz <dana@acme.example> napisał(a):",
    "gmail cs": "út 10. 11. 2026 v 16:03 odesílatel Dana Ruiz <dana@acme.example> napsal:",
    "gmail ja": "2026年11月10日(火) 16:03 Dana Ruiz <dana@acme.example>:",
    "gmail zh": "Dana Ruiz <dana@acme.example> 于2026年11月10日周二 16:03写道：",
    "gmail tw": "Dana Ruiz <dana@acme.example> 於 2026年11月10日 週二 下午4:03寫道：",
    "gmail ko": "2026년 11월 10일 (화) 오후 4:03, Dana Ruiz <dana@acme.example>님이 작성:",
    "gmail ru": "вт, 10 нояб. 2026 г. в 16:03, Dana Ruiz <dana@acme.example>:",
    "gmail uk": "вт, 10 лист. 2026 р. о 16:03 Dana Ruiz <dana@acme.example> пише:",
    "gmail tr": "Dana Ruiz <dana@acme.example>, 10 Kas 2026 Sal, 16:03 tarihinde şunu yazdı:",
    "gmail fi": "ti 10. marrask. 2026 klo 16.03 Dana Ruiz (dana@acme.example) kirjoitti:",
    "gmail hu": "Dana Ruiz <dana@acme.example> ezt írta (időpont: 2026. nov. 10., K, 16:03):",
    "gmail ro": "mar., 10 nov. 2026 la 16:03, Dana Ruiz <dana@acme.example> a scris:",
    "gmail el": "Στις Τρί 10 Νοε 2026 στις 4:03 μ.μ., ο χρήστης Dana Ruiz <dana@acme.example> έγραψε:",
    "gmail sk": "ut 10. 11. 2026 o 16:03 Dana Ruiz <dana@acme.example> napísal(a):",
    "apple en": "On Nov 10, 2026, at 4:03 PM, Dana Ruiz <dana@acme.example> wrote:",
    "apple en-gb": "On 10 Nov 2026, at 16:03, Dana Ruiz <dana@acme.example> wrote:",
    "apple de": "Am 10.11.2026 um 16:03 schrieb Dana Ruiz <dana@acme.example>:",
    "apple fr": "Le 10 nov. 2026 à 16:03, Dana Ruiz <dana@acme.example> a écrit :",
    "apple es": "El 10 nov 2026, a las 16:03, Dana Ruiz <dana@acme.example> escribió:",
    "apple it": "Il giorno 10 nov 2026, alle ore 16:03, Dana Ruiz <dana@acme.example> ha scritto:",
    "apple pt": "No dia 10/11/2026, às 16:03, Dana Ruiz <dana@acme.example> escreveu:",
    "apple pt-br": "Em 10 de nov. de 2026, à(s) 16:03, Dana Ruiz <dana@acme.example> escreveu:",
    "apple nl": "Op 10 nov 2026, om 16:03 heeft Dana Ruiz <dana@acme.example> het volgende geschreven:",
    "apple sv": "10 nov. 2026 kl. 16:03 skrev Dana Ruiz <dana@acme.example>:",
    "apple da": "Den 10. nov. 2026 kl. 16.03 skrev Dana Ruiz <dana@acme.example>:",
    "apple no": "10. nov. 2026 kl. 16:03 skrev Dana Ruiz <dana@acme.example>:",
    "apple pl": "Wiadomość napisana przez Dana Ruiz <dana@acme.example> w dniu 10 lis 2026, o godz. 16:03:",
    "apple cs": "10. 11. 2026 v 16:03, Dana Ruiz <dana@acme.example>:",
    "apple ja": "2026/11/10 16:03、Dana Ruiz <dana@acme.example>のメール:",
    "apple zh": "在 2026年11月10日，16:03，Dana Ruiz <dana@acme.example> 写道：",
    "apple ko": "2026. 11. 10. 오후 4:03, Dana Ruiz <dana@acme.example> 작성:",
    "apple ru": "10 нояб. 2026 г., в 16:03, Dana Ruiz <dana@acme.example> написал(а):",
    "apple fi": "Dana Ruiz <dana@acme.example> kirjoitti 10.11.2026 kello 16.03:",
    "thunderbird en": "On 11/10/26 16:03, Dana Ruiz wrote:",
    "thunderbird de": "Am 10.11.26 um 16:03 schrieb Dana Ruiz:",
    "thunderbird fr": "Le 10/11/2026 à 16:03, Dana Ruiz a écrit :",
    "thunderbird es": "El 10/11/26 a las 16:03, Dana Ruiz escribió:",
    "thunderbird it": "Il 10/11/26 16:03, Dana Ruiz ha scritto:",
    "thunderbird pt": "Às 16:03 de 10/11/2026, Dana Ruiz escreveu:",
    "thunderbird nl": "Op 10-11-2026 om 16:03 schreef Dana Ruiz:",
    "thunderbird sv": "Den 2026-11-10 kl. 16:03, skrev Dana Ruiz:",
    "thunderbird da": "Den 10-11-2026 kl. 16:03 skrev Dana Ruiz:",
    "thunderbird no": "Den 10.11.2026 16:03, skrev Dana Ruiz:",
    "thunderbird pl": "W dniu 10.11.2026 o 16:03, Dana Ruiz pisze:",
    "thunderbird cs": "Dne 10. 11. 26 v 16:03 Dana Ruiz napsal(a):",
    "thunderbird zh": "在 2026/11/10 16:03, Dana Ruiz 写道:",
    "thunderbird ko": "2026-11-10 오후 4:03에 Dana Ruiz 이(가) 쓴 글:",
    "thunderbird ru": "10.11.2026 16:03, Dana Ruiz пишет:",
    "thunderbird old": "Dana Ruiz wrote:",
    "proton": "On Tuesday, November 10th, 2026 at 4:03 PM, Dana Ruiz <dana@acme.example> wrote:",
    "yandex": '10.11.2026, 16:03, "Dana Ruiz" <dana@acme.example>:',
    "mail.ru": "Tue, 10 Nov 2026 16:03:00 -0500 от Dana Ruiz <dana@acme.example>:",
    "web.de": "Gesendet: Dienstag, 10. November 2026 um 16:03 Uhr\nVon: Dana Ruiz <dana@acme.example>\nAn: maya@northlight.example\nBetreff: Layouts",
    "pine": "On Tue, 10 Nov 2026, Dana Ruiz wrote:",
    "evolution": "On Tue, 2026-11-10 at 16:03 -0500, Dana Ruiz wrote:",
    "roundcube": "On 2026-11-10 16:03, Dana Ruiz wrote:",
    "spark": "On Nov 10, 2026, 16:03 -0500, Dana Ruiz <dana@acme.example>, wrote:",
    "airmail": "On November 10, 2026 at 4:03:00 PM, Dana Ruiz (dana@acme.example) wrote:",
    "superhuman": "On Tue, Nov 10, 2026 at 4:03 PM, Dana Ruiz < dana@acme.example > wrote:",
    "the bat": "Tuesday, November 10, 2026, 4:03:00 PM, you wrote:",
    "mutt": "* Dana Ruiz <dana@acme.example> [2026-11-10 16:03]:",
    "gnus": "Dana Ruiz <dana@acme.example> writes:",
    "gmail de, old": "Dana Ruiz <dana@acme.example> schrieb am Di., 10. Nov. 2026, 16:03:",
    "k9 de": "Am 10. November 2026 16:03:00 MEZ schrieb Dana Ruiz <dana@acme.example>:",
    "163 zh": '在 2026-11-10 16:03:00，"Dana Ruiz" <dana@acme.example> 写道：',
}  # fmt: skip
# Those of clients that mark no quoted line: all below is quoted.
UNMARKED = {
    "yahoo en": "    On Tuesday, November 10, 2026 at 04:03:00 PM EST, Dana Ruiz <dana@acme.example> wrote:  \n ",
    "yahoo de": "    Am Dienstag, 10. November 2026 um 16:03:00 MEZ hat Dana Ruiz <dana@acme.example> Folgendes geschrieben:  \n ",
    "yahoo fr": "    Le mardi 10 novembre 2026 à 16:03:00 UTC+1, Dana Ruiz <dana@acme.example> a écrit :  \n ",
    "yahoo es": "    El martes, 10 de noviembre de 2026, 16:03:00 CET, Dana Ruiz <dana@acme.example> escribió:  \n ",
    "zoho": "\n---- On Tue, 10 Nov 2026 16:03:00 -0500 dana@acme.example wrote ----\n",
    "notes": "-----Dana Ruiz/Acme wrote: -----\n\n=======================\nTo: Maya Chen/Northlight\nFrom: Dana Ruiz/Acme\nDate: 11/10/2026 04:03PM\nSubject: Layouts\n=======================\n",
    "samsung": "\n-------- Original message --------\nFrom: Dana Ruiz <dana@acme.example> \nDate: 10/11/2026  16:03  (GMT-05:00) \nTo: Maya Chen <maya@northlight.example> \nSubject: Layouts \n",
    "samsung old": "---- Dana Ruiz wrote ----\n",
    "mac outlook 2011": "\n\nOn 10/11/2026 16:03, \"Dana Ruiz\" <dana@acme.example> wrote:\n",
    "proton old": "Sent with Proton Mail secure email.\n\n------- Original Message -------\nOn Tuesday, November 10th, 2026 at 4:03 PM, Dana Ruiz <dana@acme.example> wrote:\n\n",
    "aol": "-----Original Message-----\nFrom: Dana Ruiz <dana@acme.example>\nTo: maya <maya@northlight.example>\nSent: Tue, Nov 10, 2026 4:03 pm\nSubject: Layouts\n",
    "zimbra": "----- On Nov 10, 2026, at 4:03 PM, Dana Ruiz dana@acme.example wrote:\n",
    "outlook express": "----- Original Message ----- \nFrom: Dana Ruiz \nTo: Maya Chen \nSent: Tuesday, November 10, 2026 4:03 PM\nSubject: Layouts\n",
    "mailbird": '------ Original Message ------\nFrom: "Dana Ruiz" <dana@acme.example>\nTo: "Maya" <maya@northlight.example>\nSent: 10/11/2026 16:03:00\nSubject: Layouts\n',
    "em client": '------ Original Message ------\nFrom "Dana Ruiz" <dana@acme.example>\nTo "Maya" <maya@northlight.example>\nDate 10/11/2026 16:03:00\nSubject Layouts\n',
    "groupwise": ">>> Dana Ruiz <dana@acme.example> 11/10/26 4:03 PM >>>",
    "qq": '------------------ 原始邮件 ------------------\n发件人: "Dana Ruiz" <dana@acme.example>;\n发送时间: 2026年11月10日(星期二) 下午4:03\n收件人: "Maya"<maya@northlight.example>;\n主题: Re: Layouts\n',
    "naver": '-----Original Message-----\nFrom: "Dana Ruiz"<dana@acme.example>\nTo: <maya@northlight.example>;\nCc:\nSent: 2026-11-10 (화) 16:03:00 (GMT+09:00)\nSubject: Layouts\n',
    "huawei": "-------- Original message --------\nSubject: Layouts\nFrom: Dana Ruiz \nTo: maya@northlight.example\nCC: \n",
    "help desk": "-- Reply above this line --",
}  # fmt: skip


# Forwards of clients that draw and order it their own way, down to the mail inside.
FORWARDS = {
    "proton": "------- Forwarded Message -------\nFrom: Dana Ruiz <dana@acme.example>\nDate: On Tuesday, November 10th, 2026 at 4:03 PM\nSubject: Layouts\nTo: maya@northlight.example <maya@northlight.example>\n",
    "lotus": "----- Forwarded by Maya Chen/Northlight on 11/11/2026 09:00 AM -----\n\nFrom:\tDana Ruiz <dana@acme.example>\nTo:\tmaya@northlight.example\nDate:\t11/10/2026 04:03 PM\nSubject:\tLayouts\n\n\n",
    "lotus de": "----- Weitergeleitet von Maya Chen/Northlight am 11.11.2026 09:00 -----\n\nVon:\tDana Ruiz <dana@acme.example>\nAn:\tmaya@northlight.example\nDatum:\t10.11.2026 16:03\nBetreff:\tLayouts\n",
    "samsung": "-------- Original message --------\nFrom: Dana Ruiz <dana@acme.example> \nDate: 10/11/2026  16:03  (GMT-05:00) \nTo: Maya Chen <maya@northlight.example> \nSubject: Layouts \n",
    "samsung us": "-------- Original message --------\nFrom: Dana Ruiz <dana@acme.example> \nDate: 11/10/26  4:03 PM  (GMT-05:00) \nTo: Maya Chen <maya@northlight.example> \nSubject: Layouts \n",
    "zoho": "============ Forwarded message ============\nFrom: Dana Ruiz <dana@acme.example>\nTo: <maya@northlight.example>\nDate: Tue, 10 Nov 2026 16:03:00 -0500\nSubject: Layouts\n============ Forwarded message ============\n",
    "gmx": 'Gesendet: Dienstag, 10. November 2026 um 16:03 Uhr\nVon: "Dana Ruiz" <dana@acme.example>\nAn: maya@northlight.example\nBetreff: Layouts\n',
    "aol": "-----Original Message-----\nFrom: Dana Ruiz <dana@acme.example>\nTo: maya@northlight.example\nSent: Tue, Nov 10, 2026 4:03 pm\nSubject: Layouts\n",
    "spark": "---------- Forwarded message ----------\nFrom: Dana Ruiz <dana@acme.example>\nDate: Nov 10, 2026, 16:03 -0500\nTo: maya@northlight.example\nSubject: Layouts\n",
    "em client": '------ Forwarded Message ------\nFrom: "Dana Ruiz" <dana@acme.example>\nTo: maya@northlight.example\nSent: 11/10/2026 4:03:00 PM\nSubject: Layouts\n',
    "qq": '------------------ 原始邮件 ------------------\n发件人: "Dana Ruiz" <dana@acme.example>;\n发送时间: 2026年11月10日(星期二) 下午4:03\n收件人: "Maya"<maya@northlight.example>;\n主题: Layouts\n',
    "163": "-------- 转发邮件信息 --------\n发件人：Dana Ruiz <dana@acme.example>\n发送日期：2026-11-10 16:03:00\n收件人：maya@northlight.example\n主题：Layouts\n",
    "naver": '-----Original Message-----\nFrom: "Dana Ruiz"<dana@acme.example>\nTo: <maya@northlight.example>;\nCc:\nSent: 2026-11-10 (화) 16:03:00 (GMT-05:00)\nSubject: Layouts\n',
}  # fmt: skip


@dataclass(frozen=True, slots=True, kw_only=True)
class Outlook:
    """Outlook in one language: its labels, and how it writes a date."""

    labels: tuple[str, str, str, str, str]  # From, Sent, To, Cc, Subject
    sent: str  # 10 November 2026, 16:03
    original: str  # what older ones write above
    forwarded: str  # what Yahoo, Thunderbird and Gmail write above
    begins: str = ""  # what Apple Mail writes above


OUTLOOKS = {
    "en": Outlook(labels=("From:", "Sent:", "To:", "Cc:", "Subject:"), sent="Tuesday, November 10, 2026 4:03 PM", original="Original Message", forwarded="Forwarded message", begins="Begin forwarded message:"),
    "de": Outlook(labels=("Von:", "Gesendet:", "An:", "Cc:", "Betreff:"), sent="Dienstag, 10. November 2026 16:03", original="Ursprüngliche Nachricht", forwarded="Weitergeleitete Nachricht", begins="Anfang der weitergeleiteten Nachricht:"),
    "fr": Outlook(labels=("De :", "Envoyé :", "À :", "Cc :", "Objet :"), sent="mardi 10 novembre 2026 16:03", original="Message d'origine", forwarded="Message transféré", begins="Début du message réexpédié :"),
    "es": Outlook(labels=("De:", "Enviado:", "Para:", "CC:", "Asunto:"), sent="martes, 10 de noviembre de 2026 16:03", original="Mensaje original", forwarded="Mensaje reenviado", begins="Inicio del mensaje reenviado:"),
    "it": Outlook(labels=("Da:", "Inviato:", "A:", "Cc:", "Oggetto:"), sent="martedì 10 novembre 2026 16:03", original="Messaggio originale", forwarded="Messaggio inoltrato", begins="Inizio messaggio inoltrato:"),
    "pt": Outlook(labels=("De:", "Enviada em:", "Para:", "Cc:", "Assunto:"), sent="terça-feira, 10 de novembro de 2026 16:03", original="Mensagem original", forwarded="Mensagem encaminhada", begins="Início da mensagem reencaminhada:"),
    "nl": Outlook(labels=("Van:", "Verzonden:", "Aan:", "CC:", "Onderwerp:"), sent="dinsdag 10 november 2026 16:03", original="Oorspronkelijk bericht", forwarded="Doorgestuurd bericht", begins="Begin doorgestuurd bericht:"),
    "sv": Outlook(labels=("Från:", "Skickat:", "Till:", "Kopia:", "Ämne:"), sent="den 10 november 2026 16:03", original="Ursprungligt meddelande", forwarded="Vidarebefordrat meddelande", begins="Vidarebefordrat mejl:"),
    "da": Outlook(labels=("Fra:", "Sendt:", "Til:", "Cc:", "Emne:"), sent="10. november 2026 16:03", original="Oprindelig meddelelse", forwarded="Videresendt meddelelse", begins="Start på videresendt besked:"),
    "no": Outlook(labels=("Fra:", "Sendt:", "Til:", "Kopi:", "Emne:"), sent="tirsdag 10. november 2026 16:03", original="Opprinnelig melding", forwarded="Videresendt melding", begins="Videresendt melding:"),
    "pl": Outlook(labels=("Od:", "Wysłano:", "Do:", "DW:", "Temat:"), sent="wtorek, 10 listopada 2026 16:03", original="Wiadomość oryginalna", forwarded="Przekazana wiadomość", begins="Początek przekazywanej wiadomości:"),
    "cs": Outlook(labels=("Od:", "Odesláno:", "Komu:", "Kopie:", "Předmět:"), sent="úterý 10. listopadu 2026 16:03", original="Původní zpráva", forwarded="Přeposlaná zpráva", begins="Začátek přeposílané zprávy:"),
    "sk": Outlook(labels=("Od:", "Odoslané:", "Komu:", "Kópia:", "Predmet:"), sent="utorok 10. novembra 2026 16:03", original="Pôvodná správa", forwarded="Preposlaná správa", begins="Začiatok preposielanej správy:"),
    "hr": Outlook(labels=("Šalje:", "Poslano:", "Prima:", "Kopija:", "Predmet:"), sent="utorak, 10. studenoga 2026. 16:03", original="Izvorna poruka", forwarded="Proslijeđena poruka", begins="Započni proslijeđenu poruku:"),
    "hu": Outlook(labels=("Feladó:", "Elküldve:", "Címzett:", "Másolatot kap:", "Tárgy:"), sent="2026. november 10., kedd 16:03", original="Eredeti üzenet", forwarded="Továbbított üzenet", begins="Továbbított levél kezdete:"),
    "ro": Outlook(labels=("De la:", "Trimis:", "Către:", "Cc:", "Subiect:"), sent="marți, 10 noiembrie 2026 16:03", original="Mesaj original", forwarded="Mesaj redirecționat", begins="Începutul mesajului redirecționat:"),
    "fi": Outlook(labels=("Lähettäjä:", "Lähetetty:", "Vastaanottaja:", "Kopio:", "Aihe:"), sent="tiistai 10. marraskuuta 2026 16.03", original="Alkuperäinen viesti", forwarded="Välitetty viesti", begins="Välitetty viesti alkaa:"),
    "tr": Outlook(labels=("Kimden:", "Gönderildi:", "Kime:", "Bilgi:", "Konu:"), sent="10 Kasım 2026 Salı 16:03", original="Özgün ileti", forwarded="İletilmiş Mesaj", begins="İletilmiş ileti başlangıcı:"),
    "ru": Outlook(labels=("От:", "Отправлено:", "Кому:", "Копия:", "Тема:"), sent="10 ноября 2026 г. 16:03", original="Исходное сообщение", forwarded="Пересылаемое сообщение", begins="Начало переадресованного сообщения:"),
    "uk": Outlook(labels=("Від:", "Надіслано:", "Кому:", "Копія:", "Тема:"), sent="10 листопада 2026 р. 16:03", original="Оригінальне повідомлення", forwarded="Переслане повідомлення", begins="Початок листа, що пересилається:"),
    "el": Outlook(labels=("Από:", "Στάλθηκε:", "Προς:", "Κοιν.:", "Θέμα:"), sent="Τρίτη, 10 Νοεμβρίου 2026 16:03", original="Αρχικό μήνυμα", forwarded="Προωθημένο μήνυμα"),
    "ja": Outlook(labels=("差出人:", "送信日時:", "宛先:", "CC:", "件名:"), sent="2026年11月10日 16:03", original="元のメッセージ", forwarded="転送されたメッセージ", begins="転送されたメッセージ:"),
    "zh": Outlook(labels=("发件人:", "发送时间:", "收件人:", "抄送:", "主题:"), sent="2026年11月10日 16:03", original="原始邮件", forwarded="转发邮件", begins="以下是转发的邮件："),
    "tw": Outlook(labels=("寄件者:", "寄件日期:", "收件者:", "副本:", "主旨:"), sent="2026年11月10日 下午 04:03", original="原始郵件", forwarded="轉寄郵件", begins="以下是轉寄的郵件："),
    "ko": Outlook(labels=("보낸 사람:", "보낸 날짜:", "받는 사람:", "참조:", "제목:"), sent="2026년 11월 10일 화요일 오후 4:03", original="원본 메시지", forwarded="전달된 메시지", begins="전달된 메시지의 시작:"),
}  # fmt: skip


def header_block(language: str, *, subject: str = "Layouts", bold: bool = False, address: bool = True) -> str:
    """The block above a mail that Outlook quotes or passes on."""
    outlook = OUTLOOKS[language]
    people = (
        DANA if address else "Dana Ruiz",
        "Maya Chen <maya@northlight.example>",
        "Hank Ode <hank@acme.example>; lou@acme.example",
    )
    values = (people[0], outlook.sent, *people[1:], subject)
    mark = "*" if bold else ""
    return "\n".join(f"{mark}{label}{mark} {value}" for label, value in zip(outlook.labels, values, strict=True))  # fmt: skip


def marked(text: str) -> str:
    """Text as it is quoted."""
    return "\n".join(f"> {line}" if line else ">" for line in text.split("\n"))


def _divisions(text: str) -> str:
    return "".join(f"<div>{escape(line) or '<br>'}</div>" for line in text.split("\n"))


def _paragraphs(text: str) -> str:
    return "".join(f'<p class="MsoNormal">{escape(line) or "&nbsp;"}</p>' for line in text.split("\n"))


def _breaks(text: str) -> str:
    return escape(text).replace("\n", "<br>")


_BLOCK = (
    "<b>From:</b> Dana Ruiz &lt;dana@acme.example&gt;<br><b>Sent:</b> Tuesday, November 10, 2026 4:03 PM<br>"
    "<b>To:</b> Maya Chen &lt;maya@northlight.example&gt;<br><b>Subject:</b> Layouts"
)
_UNREAD_BLOCK = (
    "<b>Fra&#778;n&aring;:</b> Dana<br><b>Skrivi:</b> 10. 11.<br>"  # a language that nobody here reads
)
HTML = {
    "gmail": lambda own, quoted: f'<div dir="ltr">{_divisions(own)}</div><br><div class="gmail_quote gmail_quote_container"><div dir="ltr" class="gmail_attr">On Tue, Nov 10, 2026 at 4:03 PM Dana Ruiz &lt;<a href="mailto:dana@acme.example">dana@acme.example</a>&gt; wrote:<br></div><blockquote class="gmail_quote" style="margin:0px 0px 0px 0.8ex;border-left:1px solid rgb(204,204,204);padding-left:1ex"><div dir="ltr">{_divisions(quoted)}</div></blockquote></div>',
    "gmail with signature": lambda own, quoted: f'<div dir="ltr">{_divisions(own)}<br clear="all"><div><br></div><span class="gmail_signature_prefix">-- </span><br><div dir="ltr" class="gmail_signature"><b>Maya Chen</b><br>Account Manager</div></div><br><div class="gmail_quote"><div class="gmail_attr">Am Di., 10. Nov. 2026 um 16:03&nbsp;Uhr schrieb Dana Ruiz &lt;dana@acme.example&gt;:<br></div><blockquote class="gmail_quote">{_divisions(quoted)}</blockquote></div>',
    "apple mail": lambda own, quoted: f'<html><body style="overflow-wrap: break-word;">{_divisions(own)}<div><br><blockquote type="cite"><div>On Nov 10, 2026, at 4:03 PM, Dana Ruiz &lt;dana@acme.example&gt; wrote:</div><br class="Apple-interchange-newline"><div>{_divisions(quoted)}</div></blockquote></div><br></body></html>',
    "ios": lambda own, quoted: f'<html><body dir="auto">{_divisions(own)}<div><br id="lineBreakAtBeginningOfSignature"><div dir="ltr">Sent from my iPhone</div><div dir="ltr"><br><blockquote type="cite">On Nov 10, 2026, at 4:03 PM, Dana Ruiz &lt;dana@acme.example&gt; wrote:<br><br></blockquote></div><blockquote type="cite"><div dir="ltr">{_divisions(quoted)}</div></blockquote></div></body></html>',
    "thunderbird": lambda own, quoted: f'<html><body>{_breaks(own)}<br><div class="moz-cite-prefix">On 11/10/26 16:03, Dana Ruiz\n      wrote:<br></div><blockquote type="cite" cite="mid:x@acme.example">{_breaks(quoted)}</blockquote><br></body></html>',
    "thunderbird below": lambda own, quoted: f'<html><body><div class="moz-cite-prefix">Am 10.11.26 um 16:03 schrieb Dana Ruiz:<br></div><blockquote type="cite" cite="mid:x@acme.example">{_breaks(quoted)}</blockquote>{_breaks(own)}</body></html>',
    "outlook": lambda own, quoted: f'<div class="WordSection1">{_paragraphs(own)}<p class="MsoNormal"><o:p>&nbsp;</o:p></p><div><div style="border:none;border-top:solid #E1E1E1 1.0pt;padding:3.0pt 0in 0in 0in"><p class="MsoNormal">{_BLOCK}<o:p></o:p></p></div></div>{_paragraphs(quoted)}</div>',
    "outlook on the web": lambda own, quoted: f'<div class="elementToProof">{_divisions(own)}</div><div id="appendonsend"></div><hr style="display:inline-block;width:98%" tabindex="-1"><div id="divRplyFwdMsg" dir="ltr"><font face="Calibri">{_BLOCK}</font><div>&nbsp;</div></div>{_divisions(quoted)}',
    "outlook in a tongue unknown": lambda own, quoted: f'<div>{_divisions(own)}</div><hr style="display:inline-block;width:98%"><div id="x_divRplyFwdMsg" dir="ltr">{_UNREAD_BLOCK}</div>{_divisions(quoted)}',
    "outlook for ios": lambda own, quoted: f'<div>{_divisions(own)}</div><div id="ms-outlook-mobile-signature">Get <a href="https://aka.ms/o0ukef">Outlook for iOS</a></div><hr><div id="divRplyFwdMsg">{_BLOCK}</div>{_divisions(quoted)}',
    "outlook for mac": lambda own, quoted: f'<div>{_divisions(own)}</div><span id="OLK_SRC_BODY_SECTION"><div><span>From: </span>Dana Ruiz<br><span>Date: </span>10. november<br></div><div>{_divisions(quoted)}</div></span>',
    "hotmail": lambda own, quoted: f'<div dir="ltr">{_breaks(own)}<br><br><hr id="stopSpelling">Date: Tue, 10 Nov 2026 16:03:00 -0500<br>Subject: Layouts<br>From: dana@acme.example<br>To: maya@northlight.example<br><br>{_breaks(quoted)}</div>',
    "yahoo": lambda own, quoted: f'<div class="yahoo-style-wrap">{_divisions(own)}</div><div id="yahoo_quoted_1" class="yahoo_quoted"><div><div>On Tuesday, November 10, 2026 at 04:03:00 PM EST, Dana Ruiz &lt;dana@acme.example&gt; wrote:</div><div><br></div>{_divisions(quoted)}</div></div>',
    "proton": lambda own, quoted: f'<div style="font-family: Arial">{_divisions(own)}</div><div class="protonmail_signature_block"><div class="protonmail_signature_block-user">Maya</div></div><div class="protonmail_quote">On Tuesday, November 10th, 2026 at 4:03 PM, Dana Ruiz &lt;dana@acme.example&gt; wrote:<br><blockquote class="protonmail_quote" type="cite">{_divisions(quoted)}</blockquote></div>',
    "zoho": lambda own, quoted: f'<div>{_divisions(own)}</div><div class="zmail_extra"><div id="Zm-_Id_-Sgn1">---- On Tue, 10 Nov 2026 16:03:00 -0500 <b>Dana Ruiz &lt;dana@acme.example&gt;</b> wrote ----</div><blockquote>{_divisions(quoted)}</blockquote></div>',
    "samsung": lambda own, quoted: f'<div dir="auto">{_divisions(own)}</div><div><br></div><div align="left" dir="auto" style="font-size:100%"><div>-------- Original message --------</div><div>From: Dana Ruiz &lt;dana@acme.example&gt; </div><div>Date: 10/11/2026  16:03  (GMT-05:00) </div><div>To: Maya Chen &lt;maya@northlight.example&gt; </div><div>Subject: Layouts </div><div><br></div></div>{_divisions(quoted)}',
    "mail.ru": lambda own, quoted: f'<p>{_breaks(own)}</p>Tue, 10 Nov 2026 16:03:00 -0500 от Dana Ruiz &lt;dana@acme.example&gt;:<br><blockquote style="border-left:1px solid #0857A6;">{_divisions(quoted)}</blockquote>',
    "lotus notes": lambda own, quoted: f'<font size="2">{_breaks(own)}</font><br><br><font color="#990099">-----Dana Ruiz/Acme wrote: -----</font><div style="padding-left:5px;"><div style="border-left:solid black 2px">To: Maya Chen/Northlight<br>From: Dana Ruiz/Acme<br>Date: 11/10/2026 04:03PM<br>Subject: Layouts<br><br>{_breaks(quoted)}</div></div>',
}  # fmt: skip
"""HTML replies: the author's words and what they answer, to a page as the client writes it."""

_GMAIL_BLOCK = (
    "From: <strong>Dana Ruiz</strong> <span>&lt;<a href=\"mailto:dana@acme.example\">dana@acme.example</a>&gt;</span><br>"
    "Date: Tue, Nov 10, 2026 at 4:03 PM<br>Subject: Layouts<br>To: &lt;maya@northlight.example&gt;<br>"
)  # fmt: skip
HTML_FORWARDS = {
    "gmail": lambda note, inside: f'<div dir="ltr">{_divisions(note)}<br><br><div class="gmail_quote"><div dir="ltr" class="gmail_attr">---------- Forwarded message ---------<br>{_GMAIL_BLOCK}</div><br><br>{_divisions(inside)}</div></div>',
    "apple mail": lambda note, inside: f'<body>{_divisions(note)}<div><br><blockquote type="cite"><div>Begin forwarded message:</div><br><div><span><b>From: </b></span><span>Dana Ruiz &lt;dana@acme.example&gt;<br></span></div><div><b>Subject: </b><b>Layouts</b><br></div><div><b>Date: </b>November 10, 2026 at 4:03:00 PM EST<br></div><div><b>To: </b>maya@northlight.example<br></div><br><div>{_divisions(inside)}</div></blockquote></div></body>',
    "outlook": lambda note, inside: f'<div>{_paragraphs(note)}<div style="border-top:solid #E1E1E1 1.0pt"><p class="MsoNormal">{_BLOCK}</p></div>{_paragraphs(inside)}</div>',
    "outlook on the web": lambda note, inside: f'<div>{_divisions(note)}</div><div id="appendonsend"></div><hr><div id="divRplyFwdMsg" dir="ltr"><font>{_BLOCK}</font><div>&nbsp;</div></div>{_divisions(inside)}',
    "thunderbird": lambda note, inside: f'<body>{_breaks(note)}<br><div class="moz-forward-container"><br>-------- Forwarded Message --------<table class="moz-email-headers-table"><tbody><tr><th align="RIGHT">Subject: </th><td>Layouts</td></tr><tr><th>Date: </th><td>Tue, 10 Nov 2026 16:03:00 -0500</td></tr><tr><th>From: </th><td>Dana Ruiz &lt;dana@acme.example&gt;</td></tr><tr><th>To: </th><td>maya@northlight.example</td></tr></tbody></table><br><br>{_breaks(inside)}</div></body>',
    "yahoo": lambda note, inside: f'<div>{_divisions(note)}</div><div class="yahoo_quoted"><div>   ----- Forwarded Message -----</div><div><b>From:</b> Dana Ruiz &lt;dana@acme.example&gt;</div><div><b>To:</b> maya@northlight.example</div><div><b>Sent:</b> Tuesday, November 10, 2026 at 04:03:00 PM EST</div><div><b>Subject:</b> Layouts</div><div><br></div>{_divisions(inside)}</div>',
}  # fmt: skip
"""HTML forwards: the forwarder's note and the mail inside, to a page as the client writes it."""


def yahoo_line(language: str) -> str:
    """The block that Yahoo's plain text has in one line."""
    outlook = OUTLOOKS[language]
    author, sent, to, cc, subject = (label.replace(" :", ":") for label in outlook.labels)
    people = '"Maya Chen" <maya@northlight.example>', "Hank Ode <hank@acme.example>; Lou <lou@acme.example>"
    return f"{author} {DANA}{to} {people[0]}{cc} {people[1]}{sent} {outlook.sent}{subject} Layouts"


_WORD = st.text("abdeghilmnorstuwyABDGMRT0123456789äéñøčžабвгд漢字語한글", min_size=1, max_size=9)
_LINE = st.tuples(
    st.lists(_WORD, min_size=1, max_size=12).map(" ".join), st.sampled_from(["", ".", "!", "?", ","])
).map("".join)
TEXT = st.lists(_LINE.map(lambda line: f"{line} too."), min_size=1, max_size=6).map("\n\n".join)
"""What somebody may write, in any words: paragraphs in several scripts."""
