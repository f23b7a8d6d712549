"""What mail servers write of mail that they could not deliver."""

from __future__ import annotations

import re

from parsers.automation_words import ADDRESSED, FIRST_PERSON, PASSED_ON, TAGS

_SUBJECT_CHARS = 300
_TALK_CHARS = 3_000  # of a text
_OPENING_CHARS = 600
_OPENING_LINES = 12

# Whole phrases of mail servers; nobody gives a mail of their own such a subject.
_SUBJECT = re.compile(
    rf"{TAGS}(?:undelivered mail returned to sender|delivery status notification\b|mail delivery (?:failed|failure) ?: ?returning|mail delivery (?:sub)?system\b|mail delivery status (?:notification|report)"
    r"|returned mail: see transcript|mail system error - |warning(?::|--) ?could not send (?:message|mail)|warning: message \S{1,60} delayed|delayed mail \(|postmaster notify:|delivery notification: delivery|notice: mail delivery status"
    r"|failure notice ?$|\*{0,3}message you sent blocked by|considered unsolicited bulk e-?mail|banned (?:file|filename)\b.{0,80}mail from you|virus .{0,60}in mail from you|email bounce notification|postfix smtp server: errors"
    r"|there was an error sending your mail|system ?退信|.{0,20}系统退信|.{0,10}退信通知|メールエラー通知|ваше сообщение не доставлено\. mail|недоставленное сообщение$)",
    re.I,
)
# These a client may write, too ("Undeliverable: 40 brochures"): the body decides.
_MAYBE_SUBJECT = re.compile(
    rf"{TAGS}(?:(?:\S{{1,60}} )?(?:mail )?(?:un-?delivere?d|undeliverable|non-?deliver(?:y|ed|able)|not delivered)|(?:\S{{1,60}} )?(?:e-?mails?|mails?|messages?) (?:delivery )?(?:failed|failure|error|not (?:delivered|sent))"
    r"|(?:\S{1,60} )?(?:mail|message|email|e-mail)?\s?(?:could|can) ?not be delivered|(?:failed|failure) (?:delivery|notice)|(?:mail |message |e-?mail |permanent )?delivery (?:failed|failure|status|report|error|problem|delay|has|notification|incomplete)"
    r"|failure\b|error\b.{0,30}(?:mail|message)|returned\b|bounced?\b|delayed?\b|warning\b|sorry, your (?:message|mail|e-?mail)|your (?:message|e-?mail|mail) (?:to|could|was|has|cannot)|message (?:not|could|you|to group)"
    r"|rejected\b|mail (?:delivery|could|failed|failure|error|rejected)|problem(?:s)? delivering|e-?mail could not|\[postmaster\]"
    r"|unzustellbar|nicht zustellbar|unzustellbare|zustellung|fehler bei|ihre nachricht|non remis|non délivré|échec|impossible de|message non|no se puede entregar|no se pudo|no entregado|entrega|error de entrega|correo (?:no|devuelto)|mensaje (?:no|devuelto)"
    r"|non recapitabile|impossibile recapitare|mancat[ao]|messaggio non|recapito|consegna|não (?:é possível|foi|entreg)|falha|mensagem (?:não|devolvida)|onbestelbaar|niet bezorgd|bezorging|mislukte bezorging|kan niet worden"
    r"|går inte att leverera|kan inte leverera|kunde inte|ej levererat|oleverer|olevererbart|leverans|kan ikke leveres|ikke levert|ikke leveret|uleverbar|kunne ikke|leveringsfejl|leveringsfeil|ei voi(?:tu|da)? toimittaa|toimitus|viestiä ei"
    r"|nie można dostarczyć|niedostarcz|nie dostarczono|nedoručiteln|nelze doručit|nedoručené|kézbesíthetetlen|sikertelen|nelivrab|imposibil de livrat|nu se poate livra|teslim edilemedi|δεν (?:είναι|παραδόθηκε)|αποτυχία"
    r"|недостав|не (?:доставлен|удалось)|ваше сообщение|сообщение не|невозможно|配信|配達|送信できません|メール.{0,12}(?:エラー|不達|届)|メッセージを配信|無法(?:傳遞|送達|传递)|无法(?:送达|投递|传递|发送)|未(?:送达|送達|传递)|投递失败|退信|배달|전달되지|반송|לא ניתן|تعذر)",
    re.I,
)
# Where a mail begins so, a mail server wrote it, whatever its subject.
_OPENING = re.compile(
    r"(?:hi\. )?this is the (?:qmail-send program|mail(?: delivery)? (?:system|server) at|postfix |email system at)|hello, this is the mail server on |this message was created automatically by (?:(?:the )?mail|(?:the )?e-?mail|facebook|smtp)"
    r"|this is an? (?:automatically[- ]generated|automated) (?:delivery status|bounce|mail delivery)|this is a delivery status notification|-{0,12}\s?the following address(?:es|\(es\))? (?:had (?:permanent|delivery|fatal|transient|temporary)|failed:?\s*\n)|this report relates to a message you sent"
    r"|del[ie]very to the following recipients? (?:has |was )?(?:been )?(?:failed|aborted|delayed)|delivery has failed to these recipients|delivery is delayed to these recipients|the original message was received at .{4,80} from |your message did not reach (?:some|the following)"
    r"|your message\s{1,4}to:.{3,600}did not reach the following|your message to:? \S{1,80}@\S{1,80}\s(?:couldn['’]?t|could not|cannot|can['’]t|was not|wasn['’]t|has not|has been (?:blocked|delayed|rejected)|was (?:blocked|rejected|undeliverable))|(?:message from \S{2,80}\s{1,4})?unable to deliver (?:message|your (?:message|e-?mail|mail)) to"
    r"|your message could not be (?:sent|delivered)|your message (?:wasn['’]t|was not|hasn['’]t been|has not been) delivered|we (?:had trouble delivering|were unable to deliver|are unable to deliver|have been unable to deliver) (?:your|the) (?:message|e-?mail|mail)"
    r"|each of the following recipients was rejected|this message is to inform you that an e-?mail you sent|message could not be delivered to mobile|failed to deliver to ['\"<]?\S{1,80}@|an? (?:e-?mail|message|mail) that you (?:attempted to send|sent|tried to send) .{0,120}could not be delivered"
    r"|i['’]m (?:sorry to have to inform you that (?:your|the) message could not|afraid i wasn['’]t able to deliver your message)|sorry\W{1,3}we were unable to deliver your message|transcript of session follows|(?:a message from|the message you sent) .{3,200}(?:could not be delivered|was not delivered|was considered)"
    r"|error: invalid user address|your mail sent on: .{6,80}could not be delivered|user(?:'s)? mailbox exceeds allowed size|your (?:e-?mail|message) was not delivered|your e-?mail is being returned to you|the following message to <\S{1,200}> was undeliverable|message delivery (?:failed|to the following)"
    r"|you are not a member of this mailing list|duplicated message-id in|this is an email abuse report|this is an? [\w/ -]{3,40} report for an e-?mail message|banned filename alert|virus alert\W{1,9}our content checker|(?:reporting-mta|final-recipient): |apple mail sent this email to unsubscribe|\{\s{0,4}\"(?:notificationtype|eventtype)\"|\{\s{0,4}\"type\"\s{0,2}:\s{0,2}\"notification\""
    r"|diese nachricht wurde automatisch (?:vom|von) (?:der )?mail|fehler bei der nachrichtenzustellung|ihre nachricht (?:an \S{3,120} )?(?:hat einige oder alle|konnte nicht|wurde nicht zugestellt)|(?:die folgende|ihre) (?:nachricht|e-?mail) .{0,160}nicht (?:zugestellt|ausgeliefert|übermittelt) werden|beim senden ihrer nachricht"
    r"|échec de la remise (?:à|pour|de)|la remise (?:à ces destinataires|de votre message)|votre message (?:à \S{3,120} )?(?:n['’]a pas pu être|n['’]est pas parvenu|n['’]a pas été (?:remis|délivré))|no se pudo entregar (?:a|el mensaje|su mensaje)|error en la entrega a estos destinatarios|(?:su|el) mensaje (?:para \S{3,120} )?no (?:se (?:ha podido|pudo) entregar|llegó)"
    r"|recapito non riuscito|impossibile recapitare il messaggio|il (?:tuo )?messaggio .{0,120}non (?:è stato (?:recapitato|consegnato)|ha raggiunto)|falha na entrega (?:a|para)|a entrega para estes destinatários|(?:a sua|sua) mensagem .{0,120}não (?:foi|pôde ser) entregue|kan (?:het|uw) bericht niet bezorgen|bezorging (?:aan deze|bij deze|is mislukt)|uw bericht (?:aan \S{3,120} )?(?:kan|kon) niet"
    r"|det gick inte att leverera (?:meddelandet|till)|leveransen till (?:de här|följande) mottagar|ditt meddelande .{0,120}kunde inte levereras|levering til (?:disse|følgende) (?:modtager|mottaker)|(?:din meddelelse|meldingen(?: din)?|beskeden) .{0,120}(?:kunne ikke|blev ikke|ble ikke) lever|(?:nie można|nie udało się) dostarczyć (?:wiadomości|do)|twoja wiadomość .{0,120}nie została dostarczona"
    r"|доставка следующим получателям|не удалось доставить сообщение|это письмо (?:создано автоматически|отправлено почтовым)|к сожалению,? ваше письмо|ваше сообщение .{0,120}не (?:может быть|было|удалось) доставлен|次(?:の|のとおり)?(?:受信者|宛先|あて先|メールアドレス)|送信先のメール|(?:お客様|あなた)の(?:メール|メッセージ).{0,60}(?:配信|送信|配達)(?:でき|されません)|配信(?:に失敗|できません)"
    r"|您(?:的|发送的|發送的)(?:邮件|郵件|电子邮件).{0,80}(?:无法|未能|被退回|没有送达)|抱歉.{0,30}(?:邮件|郵件).{0,60}(?:退回|无法)|很抱歉.{0,30}(?:无法|未能)(?:投递|送达|发送)|传递至以下收件人|받는 사람 또는 그룹에 배달|메일을 보내지 못|bu alıcılara|teslim(?:at)? başarısız",
    re.I | re.S,
)
# What servers say to each other.
_CODES = re.compile(
    r"\b[45]\d\d[ -]{1,3}(?:#?[45]\.\d{1,3}\.\d{1,3}|requested action|[^\n]{0,80}(?:no such user|user unknown|mailbox|rejected|denied|unknown|relay))|\b[45]\.\d{1,2}\.\d{1,3} |diagnostic-code|final-recipient|rcpt to|remote (?:mail )?server (?:returned|said|response)"
    r"|\buser unknown|unknown user|no such (?:user|address|recipient|mailbox)|mailbox (?:is )?(?:full|unavailable|not found|disabled)|host (?:or domain name )?not found|host unknown|over quota|quota exceeded|smtp (?:error|server|session)|permanent (?:fatal )?errors?|fatal errors?"
    r"|(?:original|undelivered) message (?:follows|was received)|<\S{1,80}@\S{1,80}>:|auto(?:matically|mated)?[- ]generated|created automatically",
    re.I,
)
# What they say to people; enough where no person is the author.
_TALK = re.compile(
    r"delivery (?:to the following|has failed|errors|problems|attempts?)|delivery failed|could(?: not|n['’]t) be delivered|(?:did not|didn['’]t) reach the following|(?:message|e-?mail|mail) (?:could|was|has|can)(?: ?not|n['’]t) (?:be|been)? ?(?:delivered|sent)|wasn['’]t delivered"
    r"|unable to deliver|undeliverable|not able to deliver|delivery delay|queue on|retried until|will (?:continue|keep) (?:to try|trying)|original message (?:follows|was received)|returned to (?:the )?sender|transcript of|mail (?:delivery )?(?:system|server|software)|recipient(?:'s)? (?:name|address|server) (?:is )?(?:not|rejected|possibly)"
    r"|nicht (?:zugestellt|ausgeliefert|übermittelt) werden|nicht erreicht|unzustellbar|zustellung .{0,60}fehlgeschlagen|empfängern?|n['’]a pas (?:pu être|été) (?:remis|délivré|livré)|échec de la remise|destinataires?|no (?:se )?(?:ha podido|pudo|puede) .{0,20}entreg|destinatarios?|non (?:è stato|ha) .{0,20}(?:recapitat|consegnat|raggiunto)"
    r"|não (?:foi|pôde|pode) .{0,20}entreg|niet (?:worden )?(?:bezorgd|afgeleverd)|ontvangers?|kunde inte levereras|mottagar|kunne ikke leveres|modtager|mottaker|nie (?:można|został).{0,20}dostarcz|odbiorc|не (?:может быть|удалось|было).{0,20}доставл|получател|受信者|宛先|配信できません|无法(?:投递|送达)|收件人|받는 사람",
    re.I,
)


def talks_of_delivery(text: str) -> bool:
    """Whether a text talks of a mail's delivery, in words or in a server's codes. Total."""
    talk = text[:_TALK_CHARS]
    return bool(_CODES.search(talk) or _TALK.search(talk))


def is_bounce(subject: str, text: str, *, has_author: bool) -> bool:
    """
    Whether a mail server wrote a subject and a text: by phrases of its own, or by codes that nobody signs.

    A subject that a client may write, too ("Delivery failure" of brochures), needs a text that begins as
    servers begin, or their codes and nobody's "I". What is answered or passed on is a person's. Total,
    and linear in the first 3,000 characters.
    """
    subject, talk = subject[:_SUBJECT_CHARS], text[:_TALK_CHARS].strip()
    if PASSED_ON.match(subject):
        return False
    if _SUBJECT.match(subject):
        return True
    if ADDRESSED.match(talk):
        return False
    opening = talk[:_OPENING_CHARS].lstrip("*#=-_~. \n")
    has_codes = _CODES.search(talk) is not None
    if has_codes and (_OPENING.match(talk) or _OPENING.match(opening)):
        return True
    if not _MAYBE_SUBJECT.match(subject):
        return False
    if any(_OPENING.match(line) for line in re.split(r"\n\s*", opening)[:_OPENING_LINES]):
        return True
    if has_author:
        return has_codes and not FIRST_PERSON.search(talk) and "?" not in talk
    return has_codes or _TALK.search(talk) is not None
