"""How mail clients label, introduce and date the mail that they quote or pass on, language by language."""

from __future__ import annotations

import re
from dataclasses import dataclass
from enum import StrEnum


class Label(StrEnum):
    """What a line of a header block in a mail's text says."""

    AUTHOR = "author"
    SENT = "sent"
    TO = "to"
    CC = "cc"
    SUBJECT = "subject"
    OTHER = "other"  # Reply-To, Importance and the like


@dataclass(frozen=True, slots=True, kw_only=True)
class Language:
    """The words of one language's mail clients; alternatives are parted by "|", written in lower case."""

    author: str
    sent: str
    to: str
    cc: str
    subject: str
    wrote: str  # at the end of the line above a quote, or near it
    months: str  # January to December, parted by blanks: the letters that tell each apart, "/" between forms

    @property
    def labels(self) -> dict[str, Label]:
        """Each label of a header block, and what its line says."""
        says = (label for label in Label if label is not Label.OTHER)
        return {word: label for label in says for word in getattr(self, label).split("|")}


# Outlook, Outlook for Mac, Outlook.com, Gmail, Apple Mail, Thunderbird, Yahoo, Zoho, HubSpot and Lotus Notes,
# each as it is translated.
LANGUAGES = {
    "en": Language(author="from", sent="sent|date|sent on|date sent", to="to", cc="cc", subject="subject",
        wrote="wrote|writes|sent", months="jan feb mar apr may jun jul aug sep oct nov dec"),
    "de": Language(author="von", sent="gesendet|datum|gesendet am|verschickt|date", to="an", cc="cc|kopie|kopie (cc)|ccan",
        subject="betreff|thema", wrote="schrieb|schrieben|hat geschrieben|geschrieben", months="jan/jän feb mär/mar/mrz apr mai jun jul aug sep okt nov dez"),
    "fr": Language(author="de|expéditeur|exp.", sent="envoyé|envoyé le|date|date d'envoi|message du|envoyé à", to="à|a|pour|destinataire|destinataires",
        cc="cc|copie|copie à", subject="objet|sujet", wrote="a écrit|a ecrit|écrit|a envoyé", months="janv fév/fev mars avr mai juin juil août/aou sept/sep oct nov déc/dec"),
    "es": Language(author="de|remitente", sent="enviado|enviado el|fecha|fecha de envío|enviada", to="para|a|destinatario", cc="cc|con copia|copia",
        subject="asunto|tema", wrote="escribió|escribio|escribía", months="ene feb mar abr may jun jul ago sep/set oct nov dic"),
    "it": Language(author="da|mittente", sent="inviato|inviata|data|inviato il|data invio", to="a|per|destinatario|destinatari", cc="cc|copia|p.c.",
        subject="oggetto", wrote="ha scritto|scrisse|scrive", months="gen feb mar apr mag giu lug ago set ott nov dic"),
    "pt": Language(author="de|remetente", sent="enviado|enviada|enviado em|enviada em|data|enviado a|data de envio", to="para|a|destinatário", cc="cc|com cópia|cópia",
        subject="assunto", wrote="escreveu|escreveu o seguinte", months="jan fev mar abr mai jun jul ago set out nov dez"),
    "nl": Language(author="van|afzender", sent="verzonden|datum|verzonden op|verstuurd", to="aan", cc="cc|kopie", subject="onderwerp",
        wrote="schreef|heeft geschreven|geschreven|het volgende geschreven", months="jan feb mrt/maa apr mei jun jul aug sep okt nov dec"),
    "sv": Language(author="från|avsändare", sent="skickat|datum|skickades|skickat den", to="till", cc="kopia|kopia till|cc", subject="ämne|rubrik",
        wrote="skrev", months="jan feb mar apr maj jun jul aug sep okt nov dec"),
    "da": Language(author="fra|afsender", sent="sendt|dato|sendt den", to="til", cc="cc|kopi|kopi til", subject="emne", wrote="skrev",
        months="jan feb mar apr maj jun jul aug sep okt nov dec"),
    "no": Language(author="fra|frå|avsender", sent="sendt|dato", to="til", cc="kopi|kopi til|cc", subject="emne", wrote="skrev|skreiv",
        months="jan feb mar apr mai jun jul aug sep okt nov des"),
    "fi": Language(author="lähettäjä|lähettänyt", sent="lähetetty|päivämäärä|päiväys|pvm", to="vastaanottaja|saaja|vast.ott", cc="kopio|cc|kopioi", subject="aihe",
        wrote="kirjoitti", months="tammi helmi maalis huhti touko kesä heinä elo syys loka marras joulu"),
    "et": Language(author="saatja|kellelt", sent="saadetud|kuupäev|saatmise aeg", to="adressaat|saaja|kellele", cc="koopia|cc", subject="teema",
        wrote="kirjutas", months="jaan veebr märts apr mai juuni juuli aug sept okt nov dets"),
    "pl": Language(author="od|nadawca", sent="wysłano|wysłane|data|wysłany|data wysłania|dnia", to="do|adresat|odbiorca", cc="dw|kopia|kopia do|do wiadomości|cc", subject="temat",
        wrote="napisana przez|napisał|napisała|napisał(a)|napisał/a|pisze|napisali", months="sty lut mar kwi maj/maja cze lip sie wrz paź listop/lis gru"),
    "cs": Language(author="od|odesílatel", sent="odesláno|datum|odeslané", to="komu|příjemce", cc="kopie|cc|kopie komu", subject="předmět|věc",
        wrote="napsal|napsala|napsal(a)|napsal/a|píše", months="led únor/úno břez/bře dub květ/kvě červn/čvn/červen červenc/čvc srp září/zář říj listop/lis pros"),
    "sk": Language(author="od|odosielateľ", sent="odoslané|dátum|poslané|odoslaná", to="komu|pre|príjemca", cc="kópia|cc|kópia pre", subject="predmet|vec",
        wrote="napísal|napísala|napísal(a)|napísal/a|píše", months="jan feb mar apr máj jún júl aug sep okt nov dec"),
    "sl": Language(author="od|pošiljatelj", sent="poslano|datum", to="za|komu", cc="kp|kopija|cc", subject="zadeva", wrote="napisal|napisala|je napisal|je napisal/-a",
        months="jan feb mar apr maj jun jul avg sep okt nov dec"),
    "hr": Language(author="od|šalje|pošiljatelj", sent="poslano|datum|datum slanja", to="za|prima|kome|primatelj", cc="kopija|kopija na|cc", subject="predmet|tema",
        wrote="je napisao|je napisala|napisao|napisala|je napisao/la|piše|napisao/la", months="sij velj ožu tra svi lip srp kol ruj listop/lis stud/stu pros/pro"),
    "sr": Language(author="šalje|од|шаље", sent="poslato|послато|датум|datum", to="prima|за|прима", cc="kopija|копија|коп", subject="naslov|наслов|предмет|тема",
        wrote="је написао|је написала|написао|написала|је написао/ла", months="јан феб мар апр мај јун јул авг сеп окт нов дец"),
    "hu": Language(author="feladó|küldő", sent="elküldve|küldve|dátum|küldés dátuma", to="címzett|címzettek", cc="másolat|másolatot kap|cc", subject="tárgy",
        wrote="írta|ezt írta|a következőt írta|írt", months="jan feb már ápr máj jún júl aug szept okt nov dec"),
    "ro": Language(author="de la|expeditor", sent="trimis|trimisă|data|dată|trimis la", to="către|pentru|catre", cc="cc|copie", subject="subiect",
        wrote="a scris", months="ian feb mar apr mai iun iul aug sept oct noi/nov dec"),
    "bg": Language(author="от|подател", sent="изпратено|дата", to="до|получател", cc="копие|як", subject="относно|тема", wrote="написа",
        months="яну фев март апр май юни юли авг септ окт ноем дек"),
    "ru": Language(author="от|отправитель|от кого", sent="отправлено|дата|отправлен", to="кому|получатель", cc="копия|cc|копии", subject="тема", wrote="написал|написала|написал(а)|пишет|писал|писала|писал(а)",
        months="янв фев мар апр мая/май июн июл авг сен окт ноя дек"),
    "uk": Language(author="від|відправник|від кого", sent="надіслано|дата|відправлено", to="кому|до", cc="копія|копія до", subject="тема", wrote="написав|написала|написав(ла)|написав(-ла)|пише",
        months="січ лют бер квіт трав/тра черв/чер лип серп/сер вер жовт/жов лист груд/гру"),
    "el": Language(author="από|αποστολέας", sent="ημερομηνία|στάλθηκε|αποστολή|ημ/νία", to="προς|παραλήπτης", cc="κοιν.|κοινοποίηση|κοιν", subject="θέμα", wrote="έγραψε",
        months="ιαν φεβ μαρ απρ μαΐ/μαι ιουν ιουλ αυγ σεπ οκτ νοε δεκ"),
    "tr": Language(author="kimden|gönderen", sent="gönderildi|tarih|gönderilme tarihi|gönderme tarihi|gönderilen", to="kime|alıcı|alıcılar", cc="bilgi|kopya|cc", subject="konu", wrote="yazdı|şunu yazdı|şunları yazdı",
        months="oca şub mar nis may haz tem ağu eyl eki kas ara"),
    "ca": Language(author="de", sent="enviat|data|enviat el", to="per a|a|per", cc="cc|a/c", subject="assumpte|tema", wrote="va escriure|ha escrit",
        months="gen feb març abr maig juny jul ag set oct nov des"),
    "lt": Language(author="nuo|siuntėjas", sent="išsiųsta|data", to="kam|gavėjas|iki", cc="kopija|kam kopija", subject="tema", wrote="rašė|parašė",
        months="saus vas kov bal geg birž liep rugp rugs spal lapkr gruod"),
    "lv": Language(author="no|sūtītājs", sent="nosūtīts|datums", to="kam|adresāts", cc="kopija", subject="temats|tēma", wrote="rakstīja",
        months="janv febr mart apr maij jūn jūl aug sept okt nov dec"),
    "ja": Language(author="差出人|送信者|送信元|from", sent="送信日時|日時|日付|送信", to="宛先|to", cc="cc|カーボンコピー", subject="件名|題名", wrote="書きました|書いた|のメール|が書きました|書き込みました|wrote", months=""),
    "zh": Language(author="发件人|寄件者|寄件人|發件人|发件者|發信人|发信人|发自", sent="发送时间|日期|寄件日期|傳送日期|發送日期|发送日期|时间|時間|傳送時間|发件日期|已发送|已傳送", to="收件人|收件者|至|到",
        cc="抄送|副本|抄送人", subject="主题|主旨|標題|标题|主題", wrote="写道|寫道|写到|編寫|撰写|来信|於寫道", months=""),
    "ko": Language(author="보낸 사람|보낸사람|발신자|발신|발신인", sent="보낸 날짜|보낸날짜|날짜|보낸 시간|보낸시간|발송일|일시", to="받는 사람|받는사람|수신자|수신|수신인", cc="참조|숨은 참조",
        subject="제목", wrote="작성|님이 작성|썼습니다|님이 씀|작성함|쓴 글", months=""),
    "vi": Language(author="từ|người gửi", sent="ngày|đã gửi|gửi|gửi lúc", to="đến|tới|người nhận|cho", cc="cc|đồng gửi", subject="chủ đề|tiêu đề", wrote="đã viết", months=""),
    "id": Language(author="dari|pengirim", sent="tanggal|dikirim|terkirim", to="kepada|ke|untuk", cc="cc|tembusan", subject="perihal|subjek|subyek", wrote="menulis", months="jan feb mar apr mei jun jul agu sep okt nov des"),
    "he": Language(author="מאת", sent="נשלח|תאריך|בתאריך", to="אל", cc="עותק|העתק", subject="נושא", wrote="כתב|כתבה|כתב/ה", months="ינו פבר מרץ אפר מאי יונ יול אוג ספט אוק נוב דצמ"),
    "ar": Language(author="من", sent="تاريخ|التاريخ|تم الإرسال|أرسلت|تم الإرسال في", to="إلى|الى", cc="نسخة|نسخة إلى", subject="الموضوع|موضوع", wrote="كتب|كتبت", months="يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر"),
}  # fmt: skip
# Fields that stand in a header block too, and tell nothing about who wrote what when.
_OTHER = (
    "reply-to|reply to|bcc|importance|priority|attachments|organization|organisation|sensitivity|message-id|return-path"
    "|resent-from|apparently-to|x-mailer|via|antwort an|wichtigkeit|anlagen|répondre à|pièces jointes|responder a"
    "|importancia|datos adjuntos|rispondi a|priorità|allegati|responder para|anexos|antwoord-aan|antwoord aan|bijlagen"
    "|urgentie|odpowiedz do|załączniki|ważność|odpovědět|přílohy|důležitost|odpovedať|prílohy|odgovori na|privici"
    "|válaszcím|mellékletek|răspuns|atașări|svara till|bifogade filer|svar til|vedhæftede filer|vedlegg|vastaus|liitteet"
    "|ответить|вложения|важность|відповісти|вкладення|yanıt adresi|ekler|返信先|添付ファイル|重要度|回复|附件|重要性|답장"
    "|첨부 파일|중요도"
)
LABELS = dict.fromkeys(_OTHER.split("|"), Label.OTHER) | {
    word: label for language in LANGUAGES.values() for word, label in language.labels.items()
}
"""Each label in lower case, and what its line says."""


def choice(words: str) -> str:
    """A pattern for any of these words, the longest first; parted by "|"."""
    return "|".join(re.escape(one) for one in sorted(set(words.split("|")), key=len, reverse=True))


WROTE = choice("|".join(language.wrote for language in LANGUAGES.values()))
