"""Lines that mail clients and gateways put around what an author wrote, in the languages of our clients."""

from __future__ import annotations

import re

# How the line above a quote begins: a weekday, "On", a date.
BEGINS = re.compile(
    r"(?:On|Am|Le|El|Em|Il|In data|Il giorno|Op|Den|På|Dne|Dňa|W dniu|Dnia|В|Vào|Pada|Στις|Tarihinde|Pe data|În data"
    r"|Dana|Dne|No dia|Às|A|A\(z\)|Ngày|在|于|於|Wiadomość napisana przez|"
    r"(?:Mon|Tue|Wed|Thu|Fri|Sat|Sun|Mo|Di|Mi|Do|Fr|Sa|So|lun|mar|mer|mié|mie|jeu|jue|ven|vie|sam|sáb|sab|dim|dom|seg|ter"
    r"|qua|qui|sex|gio|mån|tis|ons|tors|tor|fre|lör|lør|søn|sön|man|tir|ma|ti|ke|to|pe|la|su|di|wo|vr|za|zo|pon|wt|śr|czw"
    r"|pt|sob|niedz|po|út|st|čt|pá|so|ne|wto|pn|vt|štv|pi|hét|sze|csü|pén|vas|пн|вт|ср|чт|пт|сб|вс|нд|Pzt|Sal|Çar|Per"
    r"|Cum|Cmt|Paz)[\wа-яáéíőúčňńęüäöôěşğıç-]{0,12}[.,]?)(?=[\s,.:])"
    r"|[^\W\d_]{1,12}\.?,? \d{1,4}[.,/ -]|\d{1,4} ?[./年년h:-]|\d{1,2}\.? ?[^\W\d_]{3,12}\.?,? |20\d\d",
    re.I,
)

_MESSAGE = (
    "Original Message|Original Appointment|Reply Message|Original-Nachricht|Ursprüngliche Nachricht|Originalnachricht"
    "|Originale Nachricht|Original Nachricht|Antwort Nachricht|Ursprüngliche E-Mail|Message d'origine|Message d’origine"
    "|Message original|Message initial|Mensaje original|Correo original|Mensagem original|Messaggio originale"
    "|Messaggio Originale|Oorspronkelijk bericht|Origineel bericht|Oorspronkelijke bericht|Originalmeddelande"
    "|Ursprungligt meddelande|Oprindelig meddelelse|Oprindelig besked|Original meddelelse|Originalbesked"
    "|Opprinnelig melding|Opprinneleg melding|Opprinnelig e-post|Alkuperäinen viesti|Wiadomość oryginalna"
    "|Oryginalna wiadomość|Pierwotna wiadomość|Původní zpráva|Původní e-mail|Pôvodná správa|Izvorna poruka"
    "|Izvorno sporočilo|Originalna poruka|Eredeti üzenet|Eredeti levél|Mesaj original|Mesajul original"
    "|Исходное сообщение|Оригинальное сообщение|Первоначальное сообщение|Оригінальне повідомлення|Вихідне повідомлення"
    "|Оригинално съобщение|Αρχικό μήνυμα|Orijinal Mesaj|Orijinal İleti|Özgün ileti|Missatge original|Originaalkiri"
    "|Tin nhắn gốc|Thư gốc|Pesan Asli|元のメッセージ|元メール|Original Message|原始邮件|原始郵件|原邮件|邮件原件|回复邮件|원본 메시지|원본 메일"
    "|הודעה מקורית|الرسالة الأصلية"
)
# A rule that says it all, as Outlook, Lotus, AOL, Samsung and Yahoo draw it.
DIVIDER = re.compile(rf"[-=]{{2,40}} ?(?:{_MESSAGE}) ?:?[-=]{{0,40}}", re.I)
# What ticket robots write above a thread that is answered by mail.
REPLY_ABOVE = re.compile(
    r"[-#=*~ ]{0,12}(?:(?:Please )?(?:type |write |enter )?(?:your )?(?:a )?repl(?:y|ies) (?:must be )?above this line"
    r"|Write above this line|Bitte (?:geben Sie Ihre Antwort )?(?:oberhalb|über) dieser (?:Linie|Zeile)"
    r"|Veuillez (?:saisir votre )?répon(?:se|dre) au-dessus de cette ligne|(?:Por favor,? )?(?:escriba|responda) .{0,20}"
    r"(?:por encima|encima|arriba) de esta línea|(?:Rispondi|Inserisci .{0,20}) (?:al di )?sopra (?:di )?questa (?:riga|linea)"
    r"|(?:Por favor,? )?(?:responda|digite .{0,20}) acima desta linha|(?:Typ|Plaats) uw antwoord boven deze (?:regel|lijn))",
    re.I,
)

_FORWARDED = (
    "Forwarded message|Forwarded Message|Forwarded mail|Forwarded email|Weitergeleitete Nachricht"
    "|Weitergeleitete E-Mail|Message transféré|Message transmis|Message réexpédié|Courriel transféré|Mensaje reenviado"
    "|Correo reenviado|Mensagem encaminhada|Mensagem reencaminhada|Messaggio inoltrato|Doorgestuurd bericht"
    "|Doorgestuurde bericht|Vidarebefordrat meddelande|Vidarebefordrat mejl|Vidarebefordrat brev|Videresendt melding"
    "|Videresendt meddelelse|Videresendt besked|Videresendt e-post|Videresendt e-mail|Videresendt|Välitetty viesti"
    "|Edelleenlähetetty viesti|Edelleen lähetetty viesti|Wiadomość przekazana|Przekazana wiadomość"
    "|Treść przekazanej wiadomości|Przekazywana wiadomość|Przeposlaná zpráva|Přeposlaná zpráva|Přeposlaný e-mail"
    "|Preposlaná správa|Preposlaný e-mail|Proslijeđena poruka|Prosleđena poruka|Posredovano sporočilo"
    "|Továbbított üzenet|Továbbított levél|Mesaj redirecționat|Mesaj redirecţionat|Mesaj redirectionat"
    "|Mesaj transmis mai departe|Пересылаемое сообщение|Пересланное сообщение|Перенаправленное сообщение"
    "|Переадресованное сообщение|Переслане повідомлення|Переслане сообщение|Перенаправлене повідомлення"
    "|Препратено съобщение|Προωθημένο μήνυμα|İletilmiş Mesaj|İletilen ileti|İletilen mesaj|Yönlendirilen ileti"
    "|Yönlendirilmiş ileti|Yönlendirilen mesaj|Missatge reenviat|Edastatud kiri|Edastatud sõnum|Persiųstas laiškas"
    "|Pārsūtīta ziņa|Tin nhắn được chuyển tiếp|Thư chuyển tiếp|Pesan terusan|Pesan diteruskan|転送されたメッセージ"
    "|転送メッセージ|转发邮件信息|转发邮件|转发的邮件|轉寄郵件|已轉寄的郵件|轉寄訊息|전달된 메시지|전달 메시지|전달된 메일|הודעה שהועברה|رسالة معاد توجيهها"
)
# Apple Mail, MailMate and Airmail say it in a sentence.
_FORWARD_BEGINS = (
    "Begin forwarded message|Start of forwarded message|Forwarded message|Anfang der weitergeleiteten Nachricht"
    "|Anfang der weitergeleiteten E-Mail|Début du message réexpédié|Début du message transféré"
    "|Début du courriel transféré|Inicio del mensaje reenviado|Início da mensagem reencaminhada"
    "|Início da mensagem encaminhada|Inizio messaggio inoltrato|Inizio del messaggio inoltrato"
    "|Begin doorgestuurd bericht|Vidarebefordrat mejl|Vidarebefordrat brev|Påbörja vidarebefordrat meddelande"
    "|Start på videresendt besked|Begynnelse på videresendt melding|Start på videresendt melding|Videresendt melding"
    "|Start på videresendt e-post|Välitetty viesti alkaa|Edelleenlähetetty viesti alkaa"
    "|Początek przekazywanej wiadomości|Początek przekazanej wiadomości|Začátek přeposílané zprávy"
    "|Začátek přeposlané zprávy|Začiatok preposielanej správy|Začiatok preposlanej správy"
    "|Započni proslijeđenu poruku|Početak proslijeđene poruke|Továbbított levél kezdete|Továbbított üzenet kezdete"
    "|A továbbított levél kezdete|Începutul mesajului redirecționat|Începe mesajul redirecționat"
    "|Начало переадресованного сообщения|Начало пересылаемого сообщения|Начало пересланного сообщения"
    "|Початок листа, що пересилається|Початок переадресованого повідомлення|Початок пересланого повідомлення"
    "|Αρχή προωθημένου μηνύματος|Έναρξη προωθημένου μηνύματος|İletilmiş ileti başlangıcı|İletilen ileti başlangıcı"
    "|Inici del missatge reenviat|転送されたメッセージ|転送メッセージの始まり|以下是转发的邮件|下面是被转发的邮件|开始转发的邮件|以下是轉寄的郵件|開始轉寄郵件|전달된 메시지의 시작"
)
# Lotus Notes names who passed it on.
_PASSED_ON_BY = (
    "Forwarded by|Weitergeleitet von|Réexpédié par|Transmis par|Transféré par|Reenviado por|Enviado por|Encaminhado por"
    "|Inoltrato da|Doorgestuurd door|Vidarebefordrat av|Videresendt af|Videresendt av|Przekazane przez|Přeposlal"
)
FORWARD_DIVIDER = re.compile(
    rf"(?:[-=]{{2,40}} ?(?:{_FORWARDED}|(?:{_PASSED_ON_BY}) [^\n]{{1,120}}?) ?:?[-=]{{0,40}}(?=\s|$|[^\w\s])"
    rf"|(?:{_FORWARD_BEGINS}) ?[:：]\s*$)",
    re.I,
)
RULE = re.compile(r"[_=]{4,}\s{0,3}$|-{4,}\s{0,3}$|[─━—–]{4,}\s{0,3}$")

# What phones and apps write below a mail: whole lines, and short ones.
SENT_FROM = re.compile(
    r"(?:Sent from (?:my|Mail for|Outlook|Yahoo|Proton|Samsung|a |an |Windows|Gmail|Spark|the|i(?:Phone|Pad|Cloud)|AOL|"
    r"Type(?:App|Mail)|BlueMail|myMail|Mailbox|Surface|Zoho|Android|Nine|Edison|Newton|Polymail|Boxer|Aqua|eM Client|Canary)\b"
    r"|Sent (?:via|with|by|using|through) |Get (?:Outlook|BlueMail|TypeApp) for|Sent on the go|Sent on the move"
    r"|Composed on (?:my|the) |Typed (?:on|with) (?:my|thumbs)|On the go, sent from"
    r"|Von (?:meinem|meiner|unterwegs|Samsung|Outlook) ?.{0,40}(?:gesendet|geschickt)?$"
    r"|Gesendet (?:von|mit|über|vom|aus|via) |Diese Nachricht wurde von meinem .{3,60} gesendet|Outlook für"
    r"|Hol(?:e|en) (?:dir|Sie sich) Outlook"
    r"|Envoyé (?:de|depuis|à partir|avec|via|par) |Envoyée? (?:de|depuis) |Télécharger Outlook|Obtenir Outlook"
    r"|Obtenez Outlook|Provenance : Courrier"
    r"|Enviado (?:desde|do|de|a partir|con|com|via|por|pelo) |Enviada (?:do|de) |Obtener Outlook|Obter o? ?Outlook"
    r"|Obtenha o Outlook|Descargar Outlook|Baixe o Outlook"
    r"|Inviato (?:da|dal|con|tramite|via) ?|Scarica Outlook|Ottieni Outlook"
    r"|Verzonden (?:vanaf|van|met|via|vanuit) |Verstuurd (?:vanaf|van|met|via|vanuit) |Outlook voor|Download Outlook"
    r"|Downloaden? Outlook|Skaffa Outlook|Hent Outlook|Få Outlook|Last ned Outlook|Hämta Outlook"
    r"|Skickat från |Skickades från |Sendt fra |Sendt med |Lähetetty (?:minun )?(?:iP|And|Out|Sam|puh|laitt)|Hanki Outlook"
    r"|Wysłan[eo] z |Wysłano (?:z|za pomocą|przez) |Wysłane przez |Pobierz Outlook|Odesláno z|Odesláno pomocí|Odoslané z"
    r"|Stáhnout Outlook|Získať Outlook|Poslano (?:s|z|iz) |Az Outlook|Küldve |Elküldve (?:az?|innen)|iPhone-omról küldve"
    r"|Trimis de (?:pe|la)|Obțineți Outlook"
    r"|Отправлено (?:с|из|через)|Надіслано (?:з|із|через)|Скачайте Outlook|Изпратено от|Στάλθηκε από|Λήψη του Outlook"
    r"|i(?:Phone|Pad)['’]?(?:umdan|den|dan|mdan|imden)? gönderildi|Samsung .{1,30} gönderildi|Outlook'u"
    r"|Saadetud minu|Được gửi từ|Đã gửi từ|Dikirim dari|iP(?:hone|ad)から送信|Xperia.{0,20}から送信|Androidから送信|Outlook for .{2,12} を入手"
    r"|发自我的|從我的|发送自|来自我的|傳送自|寄自我的|获取 Outlook|取得 Outlook|나의 i|내 i.{2,10}에서|.{2,12}에서 보냄|Outlook 다운로드"
    r"|נשלח מה|נשלח מ-|أرسلت من|تم الإرسال من)",
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
# What a gateway puts above: a tag before the first word, or a paragraph that warns.
BANNER_TAG = re.compile(
    r"\s{0,8}[\[(<*]{1,2}\s?(?:EXTERNAL|EXT|EXTERN|EXTERNE|EXTERNER|EXTERNO|ESTERNO|EXTERNAL E-?MAIL|EXTERNAL SENDER|EXTERNAL MAIL"
    r"|EXTERNE E-?MAIL|E-?MAIL EXTERNE|CORREO EXTERNO|OUTSIDE SENDER|SUSPECTED SPAM|CAUTION[:,]? EXTERNAL[^\]\n]{0,30})\s?[\])>*]{1,2}:?"
    r"(?:\s{1,4}|$)",
    re.I,
)
BANNER = re.compile(
    r"\W{0,8}(?:(?:\*{0,3}(?:CAUTION|WARNING|ATTENTION|ALERT|NOTICE|ACHTUNG|VORSICHT|WARNUNG|HINWEIS|AVERTISSEMENT|PRUDENCE"
    r"|PRECAUCI[ÓO]N|ATENCI[ÓO]N|ATEN[ÇC][ÃA]O|ATTENZIONE|LET OP|OBS|ADVARSEL|UWAGA|EXTERNAL|EXTERNE?R?|EXTERNO|ESTERN[AO]"
    r"|BE CAREFUL|THINK BEFORE YOU CLICK|SECURITY)\b.{0,160}\b(?:extern\w{0,3}|esterna?o?|outside|unknown sender|de fuera"
    r"|außerhalb|en dehors|provient de l|fuori|buiten|utanför|udenfor|utenfor|spoza)\b)"
    r"|EXTERNAL (?:E-?MAIL|SENDER|MAIL)\b"
    r"|This (?:e-?mail|message|mail) (?:originated|originates|came|comes|was sent|is|has been sent) (?:from (?:an? )?(?:outside"
    r"|external)|from someone outside|originat)"
    r"|This (?:e-?mail|message) (?:is|was) from an external"
    r"|(?:\[)?You don['’]t often get (?:e-?mails?|messages) from|Some people who received this message don['’]t often get"
    r"|Diese (?:E-?Mail|Nachricht) (?:kommt|stammt|wurde) von (?:extern|außerhalb|einem externen)"
    r"|Sie erhalten nicht (?:oft|häufig) E-Mails von|Ce (?:courriel|message|mail|e-mail) (?:provient de l|a été envoyé de l|émane d)"
    r"|Vous n['’](?:obtenez|recevez) pas souvent d['’]e-mail|No suele recibir correo|Este (?:correo|mensaje) (?:proviene|procede) de fuera"
    r"|Deze e-mail (?:komt|is afkomstig) van buiten|Du får inte ofta e-post från|ZjQcmQRYFpfpt)",
    re.I,
)
# What lists and scanners add below.
ADDED = re.compile(
    r"\W{0,6}(?:Virus-free\b|This (?:e-?mail|message) (?:has been|was) (?:scanned|checked)|This message was sent to you because"
    r"|Diese E-?Mail wurde (?:von|auf)\b.{0,60}(?:Viren|geprüft)|Virenfrei\b|Garanti sans virus|L'absence de virus|Sin virus\b"
    r"|Libre de virus|Privo di virus|Virusvrij|Please consider the environment|Think before you print"
    r"|(?:Please )?(?:consider|think of) the environment before|Bitte (?:denken Sie|prüfen Sie).{0,60}(?:Umwelt|ausdrucken)"
    r"|Pensez à l['’]environnement|Avant d['’]imprimer|Antes de imprimir|Prima di stampare"
    r"|You received this message because you are subscribed|To unsubscribe from this group)",
    re.I,
)
LIST_FOOTER = re.compile(
    r"mailing list\b.{0,120}(?:https?://|@)|(?:https?://|@).{0,200}/listinfo/|To unsubscribe (?:from this|send)",
    re.I | re.S,
)
