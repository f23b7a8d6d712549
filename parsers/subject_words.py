"""What mail clients put before a subject, and the words of subjects that say nothing, language by language."""

from __future__ import annotations

from dataclasses import dataclass

from parsers.mail_languages import choice


@dataclass(frozen=True, slots=True, kw_only=True)
class Prefixes:
    """What one language's mail clients put before a subject; alternatives are parted by "|", in lower case."""

    reply: str
    forward: str


# As Outlook, Apple Mail, Gmail, Thunderbird, Lotus Notes and GroupWise are translated. One word may reply
# in one language and forward in another: "VS" answers in Finland, and passes on in Denmark. A word that
# means "answer" is safe, for so does a person who writes it. Left out on purpose are words that people put
# before a colon of their own: "Ad" (old Polish clients' reply, and what agencies make), "Info",
# "Information", "Note", "Reminder", "Rep", "Prep", "Pers" (Dutch for press),
# "Transf" (a payment in Spain), "About".
PREFIXES = {
    "en": Prefixes(reply="re", forward="fw|fwd"),
    "de": Prefixes(reply="aw|antw|antwort", forward="wg|wtrlt|weitergeleitet"),
    "fr": Prefixes(reply="ré|rép|réponse", forward="tr|transféré"),
    "es": Prefixes(reply="resp|rsp|respuesta", forward="rv|renv|reenv"),
    "it": Prefixes(reply="r|rif|ris", forward="i|inoltro"),
    "pt": Prefixes(reply="res|resposta", forward="enc|res"),  # some of Brazil's forward as RES, too
    "nl": Prefixes(reply="antw|betr|antwoord", forward="doorst"),
    "sv": Prefixes(reply="sv|svar|ang", forward="vb|vidb"),
    "da": Prefixes(reply="sv|svar|vedr", forward="vs|videresendt"),
    "no": Prefixes(reply="sv|svar|vedr", forward="vs|videresendt"),
    "is": Prefixes(reply="sv", forward="fs"),
    "fi": Prefixes(reply="vs", forward="vl|edl"),
    "et": Prefixes(reply="vs", forward="edastatud"),
    "pl": Prefixes(reply="odp", forward="pd"),
    "cs": Prefixes(reply="odp|odpověď", forward="přep|přeposl"),
    "sk": Prefixes(reply="odp|odpoveď", forward="prepos"),
    "hr": Prefixes(reply="odg", forward="prosl|proslj"),
    "sl": Prefixes(reply="odg", forward="posr|posred"),
    "hu": Prefixes(reply="vá|válasz", forward="továbbítás|továbbított|továbbítva"),
    "ro": Prefixes(reply="răsp|răspuns", forward="redir|redirecționat"),
    "tr": Prefixes(reply="ynt|yanıt|cvp|cevap", forward="ilt|isl"),
    "lt": Prefixes(reply="ats", forward="persiųsta"),
    "lv": Prefixes(reply="atb", forward="pārs"),
    "cy": Prefixes(reply="atb", forward="yml"),
    "id": Prefixes(reply="bls|balas", forward="trs|terusan"),
    "vi": Prefixes(reply="trả lời", forward="chuyển tiếp"),
    "el": Prefixes(reply="απ|απάντηση|σχετ", forward="πρθ|προωθ|προώθηση"),
    # Outlook's Russian "НА", which stands in Latin letters before an English subject.
    "ru": Prefixes(reply="на|ha|отв|ответ", forward="прж|пересл|пересылка"),
    "uk": Prefixes(reply="відп|відповідь", forward="пересл"),
    "bg": Prefixes(reply="отг|отговор", forward="препр|препратено"),
    "zh": Prefixes(reply="回复|答复|回覆|答覆|回復", forward="转发|轉寄|轉發"),
    "ja": Prefixes(reply="返信", forward="転送"),
    "ko": Prefixes(reply="답장|회신|답변", forward="전달"),
    "th": Prefixes(reply="ตอบ|ตอบกลับ", forward="ส่งต่อ"),
    "he": Prefixes(reply="תגובה|השב|תשובה", forward="הועבר|העבר"),
    "ar": Prefixes(reply="رد|الرد", forward="إعادة توجيه|اعادة توجيه"),
    "fa": Prefixes(reply="پاسخ", forward="ارجاع"),
}  # fmt: skip
FORWARD = choice("|".join(one.forward for one in PREFIXES.values()))
"""A pattern for each word that says that a mail is passed on; some of them reply in another language."""
ANSWERED_OR_PASSED_ON = choice("|".join(f"{one.reply}|{one.forward}" for one in PREFIXES.values()))
"""A pattern for each word that says that a mail is answered or passed on."""
COUNTED = r"\.?\s?(?:\[[^\[\]\n]{0,80}\]|\(\d{1,3}\)|[\^*]\d{1,3})?\s?[:：]"
"""A pattern for what follows such a word: "[2]:", "(2):", "^2:", ".:" (GroupWise), " :" (French)."""

# As mail clients and servers write where there is none.
NO_SUBJECT = """no subject, none, kein betreff, ohne betreff, sans objet, aucun objet, pas d'objet, sin asunto, nessun oggetto,
    senza oggetto, sem assunto, geen onderwerp, inget ämne, intet emne, ingen emne, uden emne, uten emne, ei aihetta, brak tematu,
    bez tematu, bez předmětu, žádný předmět, bez predmetu, nincs tárgy, konu yok, fără subiect, χωρίς θέμα, без темы, нет темы,
    без теми, 无主题, 無主旨, 無主題, 件名なし, 無題, 제목 없음, ללא נושא, بدون موضوع, بلا موضوع, không có chủ đề, tanpa subjek"""

# Words that any two strangers' subjects may share, alone or beside each other; not what agencies make
# ("logo", "website", "brochure"): who names the work says which mail it is.
GENERIC = {
    "en": """update updates invoice invoices hello hi hey question questions query quick meeting meetings call chat catch
        follow following up checking check in touching base reminder gentle friendly request requests info information urgent asap important
        help thanks thank you feedback document documents doc docs file files attachment attached please find see enquiry inquiry
        quote quotes quotation estimate proposal contract agreement order payment receipt statement report reports status news
        newsletter project schedule availability today tomorrow yesterday next last this week weekly month monthly year daily annual
        quarterly introduction intro welcome happy new test good morning afternoon greetings note notes minutes agenda fyi re
        details photos pictures images draft final version approval approved confirmation confirmed appointment job work brief briefing budget
        a an the our your my we for from of on about to and with just one more another some any time it is latest here at by in""",
    "de": """rechnung rechnungen angebot angebote anfrage rückfrage frage fragen termin termine besprechung treffen meeting anruf
        telefonat rückruf hallo guten tag morgen danke dank vielen herzlichen erinnerung bitte info infos information informationen
        wichtig dringend hilfe dokument dokumente datei dateien unterlagen anhang vertrag auftrag bestellung zahlung mahnung bericht
        status stand aktueller aktuelles neuigkeiten neues projekt nachfrage rückmeldung freigabe entwurf bestätigung heute
        gestern nächste nächster diese dieser woche wöchentlich monat jahr kurze kurz kostenvoranschlag protokoll bilder fotos
        der die das ein eine einen unser unsere ihr ihre für von vom zu zum zur und mit neue neuer neuen im am an""",
    "fr": """facture factures devis question questions demande réunion rendez vous rdv appel point bonjour salut bonsoir merci
        relance rappel suivi suite info infos information informations urgent important aide document documents fichier fichiers
        pièce pièces jointe jointes joint contrat commande paiement rapport compte rendu nouvelles projet mise à jour retour validation
        brouillon confirmation proposition petite rapide aujourd hui demain hier semaine hebdomadaire mois mensuel année photos
        le la les l un une des d de du notre votre pour sur et avec au aux en nouveau nouvelle""",
    "es": """factura facturas presupuesto presupuestos consulta pregunta preguntas duda dudas solicitud reunión cita llamada hola buenos
        buenas días tardes saludos gracias recordatorio seguimiento información info urgente importante ayuda documento documentos
        archivo archivos adjunto adjuntos contrato pedido pago informe estado noticias novedades proyecto actualización propuesta
        borrador confirmación cotización rápida hoy mañana ayer semana semanal mes mensual año fotos
        el la los las un una de del nuestra nuestro su tu para sobre y con en al nuevo nueva""",
    "it": """fattura fatture preventivo preventivi domanda domande richiesta riunione incontro appuntamento chiamata telefonata ciao
        salve buongiorno buonasera saluti grazie promemoria sollecito seguito informazione informazioni info urgente importante aiuto
        documento documenti file allegato allegati contratto ordine pagamento rapporto stato novità notizie progetto aggiornamento
        aggiornamenti proposta bozza conferma veloce oggi domani ieri settimana settimanale mese mensile anno foto offerta
        il lo la i gli le un uno una di del della dei per su e con nostra nostro vostra nuovo nuova""",
    "pt": """fatura faturas factura orçamento orçamentos pergunta perguntas dúvida dúvidas pedido reunião chamada ligação olá oi bom boa
        dia tarde obrigado obrigada lembrete acompanhamento informação informações info urgente importante ajuda documento
        documentos arquivo arquivos ficheiro anexo anexos contrato pagamento relatório estado novidades notícias projeto projecto
        atualização proposta rascunho confirmação rápida hoje amanhã ontem semana semanal mês mensal ano fotos
        o a os as um uma de do da nosso nossa seu sua para sobre e com em novo nova""",
    "nl": """factuur facturen offerte offertes vraag vragen verzoek vergadering afspraak overleg telefoontje hallo hoi goedemorgen
        goedemiddag bedankt dank herinnering opvolging informatie info dringend belangrijk hulp document documenten bestand bestanden
        bijlage bijlagen contract bestelling betaling verslag rapport status nieuws project voorstel concept bevestiging korte even
        vandaag morgen gisteren week wekelijks maand maandelijks jaar foto's terugkoppeling
        de het een onze uw je jouw voor van over en met nieuw nieuwe""",
    "sv": """faktura fakturor offert offerter fråga frågor förfrågan möte samtal hej hallå tack påminnelse uppföljning information info
        brådskande viktigt hjälp dokument fil filer bilaga bilagor avtal kontrakt beställning betalning rapport status nyheter projekt
        uppdatering förslag utkast bekräftelse snabb kort idag imorgon igår vecka månad år bilder
        en ett vår vårt din ditt för av om och med till ny nytt""",
    "da no": """faktura fakturaer tilbud tilbud spørgsmål spørsmål forespørgsel forespørsel møde møte opkald samtale hej hei hallo
        tak takk påmindelse påminnelse rykker purring opfølgning oppfølging information informasjon info haster vigtigt viktig
        hjælp hjelp dokument dokumenter fil filer vedhæftet vedlegg kontrakt aftale avtale bestilling betaling rapport status
        nyheder nyheter projekt prosjekt opdatering oppdatering forslag udkast utkast bekræftelse bekreftelse kort hurtigt
        i dag i morgen uge uke måned år billeder bilder en et vores vår din til om og med ny nyt nytt""",
    "fi": """lasku laskut tarjous tarjoukset kysymys kysymyksiä tiedustelu pyyntö kokous tapaaminen palaveri puhelu hei moi terve
        kiitos muistutus seuranta tietoa tiedoksi kiireellinen tärkeä apua asiakirja tiedosto liite liitteet sopimus tilaus maksu
        raportti tilanne uutiset projekti päivitys ehdotus luonnos vahvistus nopea tänään huomenna viikko kuukausi vuosi kuvat
        ja uusi""",
    "pl": """faktura faktury oferta oferty wycena pytanie pytania zapytanie prośba spotkanie rozmowa telefon cześć witam dzień dobry
        dziękuję dzięki przypomnienie informacja informacje pilne ważne pomoc dokument dokumenty plik pliki załącznik załączniki umowa
        zamówienie płatność raport status aktualności projekt aktualizacja propozycja szkic potwierdzenie szybkie krótkie dziś
        dzisiaj jutro wczoraj tydzień miesiąc rok zdjęcia w o do od na dla za i z nowy nowa nowe""",
    "cs sk": """faktura faktury nabídka nabídky ponuka poptávka dotaz dotazy otázka otázky žádost schůzka stretnutie porada hovor
        ahoj dobrý den deň děkuji díky ďakujem připomínka pripomienka upomínka informace informácie urgentní důležité pomoc
        dokument dokumenty soubor soubory příloha přílohy smlouva zmluva objednávka platba zpráva stav novinky projekt aktualizace
        návrh potvrzení rychlý dnes zítra zajtra týden mesiac měsíc rok fotky a na o pro pre k s nový nová""",
    "hu": """számla számlák ajánlat árajánlat kérdés kérdések kérés találkozó megbeszélés hívás szia helló üdvözlet köszönöm köszönet
        emlékeztető információ sürgős fontos segítség dokumentum dokumentumok fájl melléklet szerződés megrendelés fizetés jelentés
        hírek projekt frissítés javaslat vázlat visszaigazolás gyors ma holnap tegnap hét hónap év képek a az egy és új""",
    "ro": """factură facturi ofertă oferte întrebare întrebări cerere întâlnire ședință apel bună ziua salut mulțumesc memento
        informații urgent important ajutor document documente fișier atașament contract comandă plată raport știri proiect
        actualizare propunere confirmare azi mâine săptămână lună an un o de la pentru și cu nou""",
    "tr": """fatura faturalar teklif soru sorular talep toplantı görüşme arama merhaba selam teşekkürler teşekkür hatırlatma takip
        bilgi bilgilendirme acil önemli yardım belge belgeler dosya dosyalar ek sözleşme sipariş ödeme rapor durum haberler proje
        güncelleme öneri taslak onay kısa bugün yarın dün hafta haftalık ay yıl bir ve hakkında için yeni""",
    "el": """τιμολόγιο τιμολόγια προσφορά ερώτηση ερωτήσεις αίτημα συνάντηση ραντεβού κλήση γεια σας σου καλημέρα καλησπέρα ευχαριστώ
        υπενθύμιση πληροφορίες επείγον σημαντικό βοήθεια έγγραφο έγγραφα αρχείο αρχεία συνημμένο σύμβαση παραγγελία πληρωμή αναφορά
        νέα έργο ενημέρωση πρόταση επιβεβαίωση σήμερα αύριο εβδομάδα μήνας έτος το η ο για και με του της νέο""",
    "ru uk": """счет счета счёт рахунок предложение пропозиція вопрос вопросы запрос питання запит встреча зустріч совещание звонок
        дзвінок привет здравствуйте вітаю добрый день утро добрий спасибо дякую напоминание нагадування информация інформація срочно
        терміново важно важливо помощь допомога документ документы документи файл файлы файли вложение договор договір заказ
        замовлення оплата отчет звіт статус новости новини проект проєкт обновление оновлення подтверждение коммерческое кп
        сегодня сьогодні завтра вчера неделя тиждень месяц місяць год рік на по о об за и и та про с новый новая новий""",
    "ko": """청구서 인보이스 견적 견적서 문의 질문 요청 회의 미팅 통화 안녕하세요 안녕 감사합니다 감사 알림 안내 정보 긴급 중요 도움 문서
        파일 첨부 계약 계약서 주문 결제 보고서 보고 상태 소식 프로젝트 업데이트 제안 확인 오늘 내일 어제 이번 다음 주간 월간 드립니다 관련 건""",
    "he": """חשבונית חשבוניות הצעת הצעה מחיר שאלה שאלות בקשה פגישה ישיבה שיחה שלום היי תודה תזכורת מעקב מידע דחוף חשוב עזרה
        מסמך מסמכים קובץ קבצים חוזה הזמנה תשלום דוח סטטוס חדשות פרויקט עדכון הצעות אישור היום מחר אתמול שבוע שבועי חודש שנה חדש""",
    "ar": """فاتورة الفاتورة فواتير عرض سعر أسعار سؤال استفسار طلب اجتماع الاجتماع موعد مكالمة مرحبا مرحباً السلام عليكم شكرا شكراً تذكير
        متابعة معلومات عاجل هام مهم مساعدة مستند مستندات وثيقة ملف ملفات مرفق عقد دفع تقرير حالة أخبار مشروع تحديث اقتراح تأكيد
        اليوم غدا أمس أسبوع شهر سنة جديد""",
}  # fmt: skip
# Written without blanks.
GENERIC_UNPARTED = """发票 發票 账单 帳單 报价 報價 报价单 報價單 询价 詢價 问题 問題 请教 咨询 諮詢 会议 會議 开会 電話 电话 你好 您好 大家好 早上好
    谢谢 謝謝 感谢 感謝 提醒 跟进 跟進 信息 資訊 资料 資料 通知 紧急 緊急 重要 帮助 文件 文档 附件 合同 合約 订单 訂單 付款 报告 報告 状态 进度 進度 周报
    週報 月报 月報 新闻 项目 專案 更新 最新 提案 草稿 确认 確認 今天 明天 昨天 本周 下周 的 和 关于 關於 一个 請 请 快速
    請求書 請求 見積 見積書 見積もり お見積り お見積もり 御見積 質問 ご質問 お問い合わせ 問い合わせ 依頼 お願い 会議 打ち合わせ 打合せ 電話 こんにちは
    はじめまして お世話になっております ありがとうございます お礼 御礼 リマインダー リマインド フォローアップ 情報 至急 緊急 ご連絡 連絡 書類 資料 ファイル
    添付 契約 契約書 注文 発注 支払い 支払 報告書 ご報告 進捗 ニュース お知らせ プロジェクト 案件 更新 アップデート ご提案 ご確認 今日 明日 今週 来週 週次 月次
    の 件 について と を に へ 送付 ご お""".split()
# Kinds of paper that bear numbers: with one, it is one paper's name ("invoice 12").
NUMBERED = """invoice invoices quote quotation estimate order po receipt contract ticket case ref job statement version draft rechnung
    angebot auftrag bestellung vertrag facture devis commande contrat factura presupuesto pedido contrato fattura preventivo ordine
    fatura orçamento factuur offerte bestelling faktura offert tilbud ordre lasku tarjous tilaus oferta zamówienie umowa nabídka
    objednávka számla ajánlat factură comandă teklif sipariş τιμολόγιο παραγγελία счет счёт рахунок заказ договор 견적 청구서 인보이스
    חשבונית הזמנה فاتورة""".split()

# Months and weekdays, each language's full names and what it shortens them to.
DATE_WORDS = """january february march april may june july august september october november december jan feb mar apr jun jul aug sep
    sept oct nov dec monday tuesday wednesday thursday friday saturday sunday mon tue tues wed thu thur thurs fri sat sun week quarter am pm
    st nd rd th januar jänner februar märz mai juni juli oktober dezember mär okt dez montag dienstag mittwoch donnerstag freitag
    samstag sonntag kw uhr janvier février mars avril juin juillet août septembre octobre novembre décembre lundi mardi mercredi
    jeudi vendredi samedi dimanche enero febrero marzo abril mayo junio julio agosto septiembre setiembre octubre noviembre
    diciembre lunes martes miércoles jueves viernes sábado domingo gennaio febbraio aprile maggio giugno luglio settembre ottobre
    dicembre lunedì martedì mercoledì giovedì venerdì sabato domenica janeiro fevereiro março maio junho julho setembro outubro
    novembro dezembro segunda terça quarta quinta sexta feira januari februari maart mei augustus maandag dinsdag woensdag
    donderdag vrijdag zaterdag zondag augusti måndag tisdag onsdag torsdag fredag lördag söndag marts maj mandag tirsdag lørdag
    søndag desember tammikuu helmikuu maaliskuu huhtikuu toukokuu kesäkuu heinäkuu elokuu syyskuu lokakuu marraskuu joulukuu
    maanantai tiistai keskiviikko torstai perjantai lauantai sunnuntai styczeń stycznia luty lutego marzec marca kwiecień kwietnia
    maja czerwiec czerwca lipiec lipca sierpień sierpnia wrzesień września październik października listopad listopada grudzień
    grudnia poniedziałek wtorek środa czwartek piątek sobota niedziela leden ledna únor února březen března duben dubna květen
    května červen června červenec července srpen srpna září říjen října prosinec prosince pondělí úterý středa čtvrtek pátek
    január február március április május június július augusztus szeptember október hétfő kedd szerda csütörtök péntek szombat
    vasárnap ocak şubat mart nisan mayıs haziran temmuz ağustos eylül ekim kasım aralık pazartesi salı çarşamba perşembe cuma
    cumartesi pazar ianuarie februarie martie aprilie iunie iulie octombrie noiembrie decembrie luni marți miercuri joi vineri
    ιανουαρίου φεβρουαρίου μαρτίου απριλίου μαΐου ιουνίου ιουλίου αυγούστου σεπτεμβρίου οκτωβρίου νοεμβρίου δεκεμβρίου δευτέρα
    τρίτη τετάρτη πέμπτη παρασκευή января февраля марта апреля мая июня июля августа сентября октября ноября декабря январь февраль
    март апрель май июнь июль август сентябрь октябрь ноябрь декабрь понедельник вторник среда четверг пятница г січня лютого
    березня квітня травня червня липня серпня вересня жовтня листопада грудня понеділок вівторок середа четвер п'ятниця
    월요일 화요일 수요일 목요일 금요일 ינואר פברואר מרץ אפריל מאי יוני יולי אוגוסט ספטמבר אוקטובר נובמבר דצמבר ראשון שני שלישי רביעי
    חמישי يناير فبراير مارس أبريل مايو يونيو يوليو أغسطس سبتمبر أكتوبر نوفمبر ديسمبر الأحد الاثنين الثلاثاء الأربعاء الخميس""".split()
