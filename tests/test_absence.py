"""Absence notes, and people who mention an absence."""

import pytest

from tests.machines import ABSENCE, REPLY, kind_of, mail


@pytest.mark.parametrize(
    "subject",
    [
        "Automatic reply: Spring layouts",
        "[EXTERNAL] Automatic reply: Spring layouts",
        "Out of Office AutoReply: Spring layouts",
        "Auto-Reply: Spring layouts",
        "AUTO: Ann Tully is out of the office (returning 05/04/2026)",
        "Automatische Antwort: Plakate",
        "Abwesenheitsnotiz: Plakate",
        "Réponse automatique : Affiches",
        "Respuesta automática: Carteles",
        "Risposta automatica: Manifesti",
        "Resposta automática: Cartazes",
        "Automatisch antwoord: Affiches",
        "Automatiskt svar: Affischer",
        "Autosvar: Plakater",
        "Automatisk svar: Plakater",
        "Odpowiedź automatyczna: Plakaty",
        "Automaattinen vastaus: Julisteet",
        "Automatická odpověď: Plakáty",
        "Automatikus válasz: Plakátok",
        "Автоматический ответ: Плакаты",
        "自動応答: ポスター",
        "自动回复: 海报",
        "자동 회신: 포스터",
    ],
)
def test_absence_by_subject(subject: str) -> None:
    """Mail programs of each language say in the subject that they reply; an answer to it is a person's."""
    assert kind_of(mail(subject, "Back on the 4th.")) is ABSENCE
    assert kind_of(mail(f"Re: {subject}", "The blue one, please.", **REPLY)) is None
    assert kind_of(mail(f"AW: {subject}", "Passt so.", **REPLY)) is None


@pytest.mark.parametrize(
    "text",
    [
        "Thank you for your message. I am out of the office until Monday, 16 November, with limited access to "
        "email. For urgent matters please contact Joe Marsh (joe.marsh@fernhollow.example).\n\nBest regards\nAnn",
        "Hello,\n\nI'm on annual leave from 3 to 14 August. I will reply when I return.\n\nAnn Tully\nBrand Manager",
        "I am currently away and will be back on Tuesday. In urgent cases call Joe Marsh on +44 20 7946 0000.",
        "Guten Tag,\n\nvielen Dank für Ihre Nachricht. Ich bin bis zum 12. Juni nicht im Büro. In dringenden Fällen "
        "wenden Sie sich bitte an Jörg Kessel.\n\nMit freundlichen Grüßen\nAnja Tal",
        "Bonjour,\n\nJe suis en congé jusqu'au 24 août. Pour toute urgence, merci de contacter Luc Morel.\n\n"
        "Cordialement,\nAnne Tellier",
        "Hola:\n\nEstoy de vacaciones hasta el 24 de agosto. Para asuntos urgentes, contacte con Luis Prado.\n\nSaludos",
        "Buongiorno,\n\nsono in ferie fino al 24 agosto. Per urgenze contattare Luca Prati.\n\nCordiali saluti\nAnna",
        "Olá,\n\nEstou de férias até 24 de agosto. Em caso de urgência, contacte Luís Prata.\n\nCumprimentos\nAna",
        "Beste,\n\nIk ben tot en met 24 augustus niet op kantoor. Voor dringende zaken kunt u contact opnemen met Luc "
        "Prins.\n\nMet vriendelijke groet\nAnna",
        "Hej,\n\nJag är på semester till den 14 augusti. Vid brådskande ärenden kontakta Lars Prytz.\n\nHälsningar\nAnna",
        "Hej,\n\nJeg er på ferie til den 14. august. Hvis det haster, kontakt Lars Prytz.\n\nVenlig hilsen\nAnna",
        "Dzień dobry,\n\njestem na urlopie do 14 sierpnia. W pilnych sprawach proszę o kontakt z Leną Prus.\n\nPozdrawiam",
        "お世話になっております。\n8月14日まで休暇をいただいております。お急ぎの場合は鈴木までご連絡ください。",
        "您好,我正在休假,8月14日返回。如有紧急事情,请联系李明。",
    ],
)
def test_absence_by_words(text: str) -> None:
    """An announcement without any field is a machine's, quoted mail below it or not; beside an own word it is not."""
    quoted = f"{text}\n\nOn Tue, 3 Nov 2026 at 10:12, Pat Reyes <pat@agency.example> wrote:\n> Is the layout approved?\n"

    assert kind_of(mail("Re: Spring layouts", text, **REPLY)) is ABSENCE
    assert kind_of(mail("Re: Spring layouts", quoted, **REPLY)) is ABSENCE
    assert kind_of(mail("Re: Spring layouts", f"The second cover, then.\n{text}", **REPLY)) is None


@pytest.mark.parametrize(
    "text",
    [
        "I'm out on Friday, please send the layouts",
        "I'll be out of office from Thursday, so please send the layouts before.",
        "I am out of the office until Monday, but the blue one works for us.",
        "Approved! I'm out of the office until Monday, contact Joe for the printing.",
        "I am on vacation until the 4th. Can Joe sign in my place?",
        "Thanks! I'm on vacation until Monday.",
        "Just a heads-up: I'm out of the office until Monday, contact Joe if anything is urgent.",
        "I'm away until Monday. The proof has the old logo.",
        "We are out of the office until Monday and the copy is fine.",
        "Ich bin ab Donnerstag im Urlaub, bitte schicken Sie die Entwürfe vorher.",
        "Ich bin bis Montag nicht im Büro, aber die blaue Variante gefällt uns.",
        "Je suis en congé jusqu'à lundi, merci de m'envoyer les maquettes avant.",
        "Je suis absente demain. Le bleu nous convient.",
        "Estoy de vacaciones hasta el lunes, pero el cartel azul nos gusta.",
        "Sono in ferie fino a lunedì, ma il blu ci piace.",
        "Ik ben tot maandag niet op kantoor, maar de blauwe versie is akkoord.",
        "Jag är på semester till måndag, men den blå affischen är godkänd.",
        "来週まで休暇を取得します。青い案で承認します。",
        "I'm out of the office until Monday. Please stop the run and contact Joe.",
        "I'm away until Monday; please bring the boards to the office.",
        "I am out of the office until 16. The blue is fine.",
        "I'm on holiday until the 4th and we go with the blue. Thanks for your message",
        "I'm out of the office until Tuesday. I'll reply to your question about the headline then.",
        "I am on leave from tomorrow. Joe takes over. He likes the green.",
        "Je suis en vacances jusqu'à lundi. On part sur le bleu. Merci !",
        "Jeg er på ferie til mandag. Vi tager den blå.",
    ],
)
def test_plans_are_peoples(text: str) -> None:
    """Who mentions an absence beside something else is a person, whatever the subject."""
    assert kind_of(mail("Re: Spring layouts", text, **REPLY)) is None
    assert kind_of(mail("Out of office next week", text)) is None
    assert kind_of(mail("Spring layouts", text, Auto_Submitted="no")) is None


def test_absence_by_a_vague_subject() -> None:
    """ "Out of office" as a subject needs an announcement below it, and no more than that."""
    assert kind_of(mail("Out of office", "I am away on business this week.")) is ABSENCE
    assert (
        kind_of(mail("Away from my desk", "We're travelling. Your mail will be read on our return."))
        is ABSENCE
    )
    assert (
        kind_of(mail("Out of office signage", "Fourteen boards for the lobby, in the new colours.")) is None
    )
    assert kind_of(mail("Auto: new dealership", "The brief for the dealership is attached.")) is None
    assert kind_of(mail("Automated reply emails for August", "Copy for the welcome series is below.")) is None
