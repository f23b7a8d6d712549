"""What machines call themselves and write, in the languages of mail servers and of our clients."""

from __future__ import annotations

import re

from parsers.subject_words import ANSWERED_OR_PASSED_ON, COUNTED

TAGS = r"\W{0,4}(?:\[[^\]\n]{1,40}\]\s{0,4}){0,3}"  # [EXTERNAL], [SPAM], which gateways put first

# A subject that a person answers or passes on; what a machine wrote in it is that person's quotation.
# "Ref", too: here a number behind it may as well be a person's.
PASSED_ON = re.compile(rf"{TAGS}(?:{ANSWERED_OR_PASSED_ON}|ref){COUNTED}", re.I)

# ---------------------------------------------------------------------------------------------- who writes
# Local parts of From; "+" and what follows is cut off before.
DAEMON = re.compile(
    r"(?:mailer-?_?daemon|mail-?_?daemon|mdaemon|daemon|mmdf|pmdf|mail[._-]?delivery[\w.-]{0,40}|delivery-subsystem"
    r"|(?:dsn|ndr|nondeliverable|undeliverable|bounced?|bounces)(?:[.=_-].{0,200})?|[\w.-]{1,60}-bounces?"
    r"|microsoftexchange[0-9a-f]{6,40})",
    re.I,
)
POSTMASTER = re.compile(r"(?:[\w.-]{1,80}[._-])?post-?_?master", re.I)
# List software and cron write as these; nobody else does.
MACHINE_ACCOUNT = re.compile(
    r"(?:majordomo|listserv|mailman|listproc|sympa|ezmlm|root|nobody|www-data|cron|logwatch|anacron"
    r"|feedbackloop|fbl|scomp|dmarc[\w.-]{0,30}|[\w.-]{0,30}[._-]dmarc|[\w.-]{1,60}-confirm)",
    re.I,
)
DAEMON_NAME = re.compile(
    r"\W{0,3}(?:mail(?:er)?[ -]?daemon|(?:internet )?mail deliver(?:y|) (?:sub)?(?:system|service|agent)?$|mail deliver(?:y|) (?:sub)?system"
    r"|internet mail delivery|mail delivery service|delivery (?:sub)?system|post ?master\W{0,3}$|the post office$"
    r"|mail (?:router|transfer agent|administrator)$|content-filter at |.{0,20}\bndr administrator"
    r"|système de remise|sous-système de remise|nachrichtenübermittlung|sistema de entrega|sottosistema di recapito"
    r"|subsistema de entrega|подсистема доставки|почтовая система|メール配信|邮件(?:投递|系统)|系统退信)",
    re.I,
)
# From of a bounce that names no mailbox: "MAILER-DAEMON", "<>", "Postmaster <>".
DAEMON_FIELD = re.compile(
    r"\W{0,3}<>\W{0,3}$|\W{0,4}(?:mailer-?daemon|post-?_?master|mail deliver(?:y|) (?:sub)?system)\b", re.I
)
NO_REPLY = re.compile(
    r"(?:[\w.-]{0,40}[._-])?(?:no[-_.]?reply|do[-_.]?not[-_.]?reply|dont-?reply|noresponse|no-?response|unmonitored"
    r"|nicht-?antworten|keine-?antwort|ne-?_?pas-?_?repondre|nepasrepondre|no-?_?responder|no-?_?contestar|nao-?_?responda"
    r"|nao-?responder|non-?_?rispondere|noreplay|niet-?beantwoorden|geen-?antwoord|svara-?(?:inte|ej)|(?:ikke|ej|inte)-?svara?"
    r"|nie-?odpowiadaj|neodpovidat|ala-?vastaa)\d{0,4}(?:[._-].{0,80})?"
    r"|(?:[\w.-]{1,40}[._-])?(?:notifications?|notification-?service|benachrichtigung(?:en)?|notificaciones|notificacoes)"
    r"(?:[._-].{0,80})?"
    r"|[a-z]{2,20}noreply|auto[-_]?(?:reply|responder|response|mail|mailer|confirm)|auto-?notify|automated|automat|mailrobot|mail-?bot",
    re.I,
)
# Mailboxes that people may answer from, too.
SOFT_NO_REPLY = re.compile(
    r"(?:notify|alerts?|alarm|updates?|mailer|system|newsletters?|digest|invitations?|reminders?|mailing-?list)(?:[._-].{0,80})?",
    re.I,
)
BULK_NAME = re.compile(
    r"(?:news|newsletters?|mailings?|campaigns?|offers?|deals|promos?|promotions?|e?-?marketing|angebote|ofertas|offres)\d{0,3}",
    re.I,
)
SERVICE_DOMAIN = re.compile(
    r"(?:[\w-]{1,60}\.){0,4}(?:docusign\.net|facebookmail\.com|notification\.intuit\.com|post\.xero\.com|atlassian\.net"
    r"|mail\.asana\.com|adobesign\.com|echosign\.com|mail\.hellosign\.com|email\.pandadoc\.net|slackhq\.com|e\.stripe\.com"
    r"|sns\.amazonaws\.com|email-abuse\.amazonses\.com|arf\.mail\.yahoo\.com|mail\.notion\.so)",
    re.I,
)
HELP_DESK = re.compile(
    r"(?:[\w.-]{0,30}[._-])?(?:support|help|help-?_?desk|service-?_?desk|service|tickets?|it|care|customer-?(?:care|service)"
    r"|hilfe|kundenservice|kundendienst|assistance|soporte|ayuda|atencion|assistenza|supporto|suporte|klantenservice|kundtjanst|kundeservice)",
    re.I,
)

# ---------------------------------------------------------------------------------------------- absence
# Each says outright that a machine replies.
AUTO_REPLY_SUBJECT = re.compile(
    rf"{TAGS}(?:(?:out of (?:the )?office )?auto(?:mat(?:ed|ic|isk|iskt|isch|ische|ica|ico|ique|yczna|ická|ikus)?)?[ _-]{{0,3}}(?:generated )?(?:e-?mail )?"
    r"(?:reply|response|respon[sd]e?|responder|antwort|antwoord|svar|risposta|respuesta|resposta|réponse|odpowiedź|odpověď|odpoveď|válasz)\s?(?:[:：]|$)"
    r"|auto ?:.{0,120}(?:out of (?:the )?office|returning|\baway\b|vacation|absen[tc]|abwesen|außer haus|fuori|fuera|afwezig)"
    r"|(?:automatische (?:abwesenheitsnotiz|beantwoording)|abwesenheitsnotiz|reponse automatique|réponse automatique|(?:message|réponse) (?:automatique|d['’]absence)|notification d['’]absence"
    r"|respuesta autom[aá]tica|contestaci[oó]n autom[aá]tica|resposta autom[aá]tica|risposta automatica|messaggio automatico|automaattinen vastaus|autosvar|autoantwort|autorespuesta"
    r"|odpowiedź automatyczna|autoodpowiedź|automatick[áaý] odpov[eě][dď]|automatická odpoveď|otomatik yanıt|răspuns automat|automatski odgovor|samodejni odgovor|αυτόματη απάντηση"
    r"|автоматическ\w{1,3} ответ|автоответ|автоматична відповідь|automatinis atsakymas|automātiskā atbilde|automaatvastus|trả lời tự động|balasan otomatis)\s?(?:[:：]|$)"
    r"|自動応答|自動返信|自动回复|自动答复|自動回覆|자동 회신|자동 응답|자동회신|תשובה אוטומטית|رد تلقائي)",
    re.I,
)

# ---------------------------------------------------------------------------------------------- reports
# A report of an accepted mail is a receipt.
DELIVERED_SUBJECT = re.compile(
    rf"{TAGS}(?:successful mail delivery report|delivery status notification \((?:success|relay)|delivered\s?:|relayed\s?:|zugestellt\s?:|remis\s?:|entregado\s?:|entregue\s?:|recapitato\s?:|bezorgd\s?:|levererat\s?:|leveret\s?:|levert\s?:|dostarczono\s?:|配信済み\s?:|已送达\s?:)",
    re.I,
)
COMPLAINT_SUBJECT = re.compile(
    rf"{TAGS}(?:complaint about message from \d|e-?mail feedback report for|dmarc (?:forensic|aggregate|failure) report|report domain: ?\S{{3,100}} submitter:)",
    re.I,
)
# Of list software to its members and owners.
LIST_SUBJECT = re.compile(
    rf"{TAGS}(?:you \S{{3,200}} are not (?:a )?member|loop (?:alert|back warning):? |majordomo results|bounce \S{{1,100}}@\S{{1,100}}: |\d{{1,4}} \S{{1,100}} moderator request|.{{1,100}} moderator request\(s\)|uncaught bounce notification|confirm [0-9a-f]{{20,64}}"
    r"|your message to \S{1,100} awaits moderator approval|request to mailing list \S{1,100} rejected|rejected posting to |posting to \S{3,100} rejected|ezmlm (?:warning|response|probe)|welcome to the \"?.{1,80}\"? mailing list|auto-discard notification|fml (?:command )?status report)",
    re.I,
)

# ---------------------------------------------------------------------------------------------- receipts
RECEIPT_SUBJECT = re.compile(
    rf"{TAGS}(?:read|not read|(?:un)?gelesen|nicht gelesen|ungelesen gelöscht|lu|non lu|leído|no leído|letto|non letto|da leggere|gelezen|niet gelezen|lida|lido|não lid[oa]|läst|oläst|inte läst|læst|ikke læst|lest|ikke lest|luettu|ei luettu|przeczytano|przeczytane|nie przeczytano|přečteno|olvasott|прочитано|прочтено|開封済み|未開封|已读|已讀|읽음"
    r"|delivered|relayed|(?:disposition|read) (?:notification|receipt)|return receipt(?: \(displayed\))?|lesebestätigung(?: \(angezeigt\))?|empfangsbestätigung(?: \(angezeigt\))?|accusé de (?:lecture|réception)(?: \(affiché\))?|confirmación de lectura|confirmación de entrega|conferma di lettura|ricevuta di ritorno(?: \(visualizzata\))?|ontvangstbevestiging(?: \(getoond\))?|leesbevestiging"
    r"|confirmação de leitura|läskvitto|läsbekräftelse|kvittering|lesekvittering|læsekvittering|potwierdzenie (?:przeczytania|odbioru)|開封通知|開封確認|已读回执)\s?(?:[-–:：]|$)",
    re.I,
)
RECEIPT_TALK = re.compile(
    r"\W{0,4}(?:(?:your (?:message|document)|ihre nachricht|votre message|(?:su|el) mensaje|il (?:tuo |suo )?messaggio|uw bericht|a sua mensagem|sua mensagem|ditt meddelande|din meddelelse|meldingen din|viestisi|twoja wiadomość|wiadomość|vaše zpráva|az ön üzenete|ваше сообщение|あなたのメッセージ|メッセージ|您的邮件|邮件|사용자의 메시지)"
    r"(?:\s{0,4}[\w.'’ ]{1,20}\s?[:：]|\s?[:：])|your message (?:has been |was )(?:successfully )?(?:delivered|relayed) to|delivery to (?:these|the following) recipients? .{0,20}is complete|this is a(?: mail| message)? ?(?:return|read|disposition|delivery) (?:receipt|notification)"
    r"|the message (?:sent|you sent) .{0,300}(?:has been |was )(?:displayed|read|opened)|dies ist eine (?:lese|empfangs|eingangs)\w{0,20}best|ceci est un accusé|(?:este|esto) es un (?:acuse|recibo)|questa è una (?:ricevuta|conferma)|dit is een (?:ontvangst|lees)|det här är (?:ett|en) (?:läs|mottag)|dette er en (?:læse|lese|kvitt))",
    re.I | re.S,
)

# ---------------------------------------------------------------------------------------------- tickets
TICKET_NUMBER = re.compile(
    r"\[(?:[\w .-]{1,30} )?(?:ticket|case|request|incident|issue|id|[A-Z]{2,10})?[ #:-]{0,3}[A-Z-]{0,8}\d{2,12}\]|\((?:case|ticket|request|ref)[ #:-]{0,3}[\w-]{2,20}\)|\b(?:ticket|case|request|incident|support|vorgang|anfrage|demande|solicitud|richiesta|aanvraag|melding)"
    r"(?:[ -]?(?:id|number|no\.?|nr\.?|nummer|n°|núm\.?))? ?[:#]{1,2} ?[A-Z-]{0,8}\d{2,14}|(?:^|\s)##? ?\d{3,12} ?##?",
    re.I,
)
TICKET_TALK = re.compile(
    r"\byour (?:support )?(?:request|ticket|enquiry|inquiry|case|message|e-?mail|query|issue)(?: \S{1,40}){0,3} (?:has been|was|is) (?:(?:successfully|now|being) )?(?:received|logged|created|assigned|registered|opened|closed|solved|resolved|updated|reviewed|queued|deemed|set to|marked|pending)"
    r"|\b(?:we|we['’]ve|we have|our (?:support )?team has) (?:have )?(?:just )?(?:received|logged|opened|created) (?:your|a(?: new)?) (?:request|ticket|enquiry|inquiry|support request|case|query)|\bassigned (?:to )?(?:ticket|case|request|the (?:ticket|case|reference))|\b(?:a )?(?:new )?(?:support )?(?:ticket|case|request) (?:\S{1,20} )?(?:has been|was|is) (?:created|opened|logged|registered|received|assigned|updated|solved|resolved|closed|reopened)"
    r"|\bthank you for (?:contacting|reaching out to) .{1,60}(?:support|help ?desk|team|us\b)|\b(?:ticket|case|request) (?:id|number|reference) (?:is|for)|ihre (?:anfrage|nachricht|e-mail|supportanfrage) (?:wurde|ist|haben wir|mit der)|wir haben ihre (?:anfrage|nachricht|e-mail) erhalten|ihr (?:ticket|anliegen) (?:wurde|ist)|(?:ticket|vorgang) .{0,40}(?:wurde )?(?:erstellt|eröffnet|angelegt)"
    r"|votre (?:demande|ticket|message|requête) (?:.{0,30})?(?:a (?:bien )?été|est)|nous avons bien reçu votre (?:demande|message|ticket)|(?:su|tu) (?:solicitud|consulta|caso|ticket) .{0,30}(?:ha sido|fue|se ha)|hemos recibido (?:su|tu) (?:solicitud|consulta|mensaje)|la (?:tua|sua|vostra) richiesta .{0,30}(?:è stata|è)|abbiamo ricevuto la (?:tua|sua|vostra) richiesta"
    r"|(?:uw|je) (?:aanvraag|verzoek|vraag|melding|ticket) .{0,30}(?:is|werd)|we hebben (?:uw|je) (?:aanvraag|verzoek|vraag|melding|bericht) (?:goed )?ontvangen|(?:a )?(?:sua|vossa) (?:solicitação|mensagem|pedido|solicitud) .{0,30}foi|recebemos (?:a )?(?:sua|seu|o seu)|ditt ärende (?:har|är)|vi har (?:mottagit|modtaget|mottatt) (?:ditt|din)|din henvendelse (?:er|har)"
    r"|twoje zgłoszenie|otrzymaliśmy (?:twoje|państwa)|お問い合わせ(?:を|いただき|ありがとう)|受け付け(?:ました|いたしました)|您的(?:请求|工单|咨询)|我们已(?:经)?收到您的",
    re.I,
)
# A person writes "I"; a robot writes "we", "your", "this ticket".
FIRST_PERSON = re.compile(
    r"\bI\b(?!\.)|\bI['’](?:m|ve|ll|d)\b|\b(?:Ich|ich|Je|je|J['’]ai|j['’]ai|Yo|yo|Ik|ik|Jag|jag|Jeg|jeg)\b|\b(?:to|by|with|for|let) me\b"
)
# What a client says, and a help desk's robot does not.
DECIDES = re.compile(
    r"\bapproved\b|\bgo ahead\b|\blooks? (?:good|great|fine)\b|\bplease (?:send|change|print|use)\b", re.I
)
ADDRESSED = re.compile(
    r"\W{0,3}(?:hi|hello|dear|hey|morning|good (?:morning|afternoon)|hallo|liebe[rs]?|sehr geehrte[rs]?|guten (?:tag|morgen)|bonjour|hola|buenos días|buenas tardes|olá|bom dia|boa tarde|ciao|buongiorno|gentile|beste|hej|hei|cześć|dzień dobry)\b[^\n.!:]{0,40}[,!\n–-]",
    re.I,
)
# Help desks put this above a comment, their own and their people's.
REPLY_ABOVE = re.compile(
    r"\b(?:(?:type|write|enter|reply|respond|add)[^\n]{0,40}\b(?:above|over) this line|(?:geben sie|schreiben sie|antworten sie)[^\n]{0,40}(?:über|oberhalb) dieser (?:linie|zeile)|(?:saisir|répondre|saisissez)[^\n]{0,40}au-dessus de cette ligne"
    r"|(?:escriba|responda)[^\n]{0,40}(?:encima|arriba) de esta línea|(?:digita|rispondi)[^\n]{0,40}sopra questa riga|typ[^\n]{0,40}boven deze (?:regel|lijn))",
    re.I,
)

# ---------------------------------------------------------------------------------------------- bulk
UNSUBSCRIBE = re.compile(
    r"\bunsubscribe\b|\bopt[ -]out\b|\bmanage (?:your )?(?:e-?mail )?(?:preferences|subscriptions?)|\bupdate (?:your )?(?:e-?mail )?preferences|newsletter abbestellen|\babmelden\b|\babbestellen\b|austragen|se désabonner|désinscri|désabonn|darse de baja|cancelar (?:a |la )?su(?:b)?scri"
    r"|anular la suscripción|disiscri|annulla(?:re)? l['’]iscrizione|cancella(?:ti|re) (?:l['’])?iscri|uitschrijven|afmelden|avregistrera|avsluta prenumeration|afmeld|avmeld|wypisz się|zrezygnuj z|отписаться|配信停止|退订|取消订阅|수신거부|view (?:this|it) (?:e-?mail |message )?in (?:your|a|the) browser|im browser (?:an|öffnen)",
    re.I,
)
BULK_MAILER = re.compile(
    r"mailchimp|mandrill|campaign ?monitor|createsend|sendinblue|brevo|cleverreach|rapidmail|constant ?contact|hubspot|marketo|mailjet|klaviyo|activecampaign|getresponse|aweber|phplist|acymailing|mailpoet|inxmail|emarsys|optivo|exacttarget|eloqua|pardot|silverpop|icontact|newsletter",
    re.I,
)

# ---------------------------------------------------------------------------------------------- fields
ABSENCE_FIELDS = (
    *(
        "x-autoreply",
        "x-autorespond",
        "x-autoresponder",
        "x-autoresponse",
        "x-auto-reply",
        "x-autoreply-from",
    ),
    *(
        "x-auto-reply-from",
        "x-mail-autoreply",
        "x-autoreply-domain",
        "x-vacation",
        "autoresponder",
        "vacation",
    ),
)
_AUTO_REPLY = ("auto_reply", "auto-reply", "autoreply")
ABSENCE_VALUES = (  # how the bodies of these fields begin
    ("precedence", _AUTO_REPLY),
    ("x-precedence", _AUTO_REPLY),
    ("x-apple-action", ("vacation",)),
    ("x-autogenerated", ("reply",)),  # CommuniGate
    ("delivered-to", ("autoresponder",)),
)
BOUNCE_FIELDS = (  # Exim and Gmail; Exchange 2000 to 365; Hotmail; 1&1
    *("x-failed-recipients", "x-ms-exchange-message-is-ndr", "x-ms-embedded-report", "x-dsncontext"),
    *("x-mx-bounce", "x-bounceio-id", "x-mailer-daemon-recipients"),
)
# A mail to a list by a person has one of these (Google Groups, Mailman, ezmlm, Sympa, Yahoo, fml, Apple).
GROUP_FIELDS = (
    *(
        "x-beenthere",
        "x-google-group-id",
        "mailing-list",
        "x-mailing-list",
        "x-mailman-version",
        "x-sympa-to",
    ),
    *(
        "x-original-sender",
        "x-ml-name",
        "x-mail-count",
        "x-loop-list",
        "x-groupsio-msgnum",
        "x-list-received-date",
    ),
)
GROUP_SENDER = re.compile(
    r"owner-|[^@]{1,80}(?:-bounces|-owner|-owners|-request|\+owners|\+bncb\w{0,60})(?:[+=]|@)", re.I
)
CAMPAIGN_FIELDS = re.compile(
    r"list-unsubscribe-post|x-campaign(?:-?id|_id|name)?|x-mailgun-(?:campaign-id|batch-id)|x-mc-user|x-mailchimp-\w{1,20}"
    r"|x-csa-complaints|x-mailinglist-id|x-newsletter|x-mailing-id|x-job|x-jobid|x-mktarchive|x-eloqua|x-sfmc-\w{1,20}"
)
# Services that send for programs, and for whole companies: proof only beside an offer to unsubscribe.
RELAY_FIELDS = re.compile(
    r"x-sg-eid|x-mailgun-[\w-]{1,20}|x-ses-outgoing|x-pm-message-id|x-mandrill-user|x-mj-\w{1,20}|feedback-id"
)
HELP_DESK_FIELDS = re.compile(
    r"x-(?:ticket-system|zendesk[\w-]{0,30}|freshdesk[\w-]{0,30}|otrs[\w-]{0,30}|zammad[\w-]{0,30}|jira[\w-]{0,30}"
    r"|helpscout[\w-]{0,30}|intercom[\w-]{0,30}|hubspot-ticket[\w-]{0,30})|rt-ticket"
)
