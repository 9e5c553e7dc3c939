"""The questions, in order. Clinicians review this file; each question cites the documented criteria it is about.

Slugs, keys and values never change, since stored answers contain them. Labels may: an inquiry keeps the wording
version that its patient read. Reviewers: `manage.py show_questionnaire` prints this file as text.
"""

from django.utils.translation import gettext_lazy as _

from screening.questionnaire.question_types import (
    checkbox,
    email,
    long_text,
    multiple_choice,
    name,
    phone,
    single_choice,
)
from screening.questionnaire.types import Answers, Condition, Errors, Option, Questionnaire, Step

HAS_RA = Condition("condition", ("ra", "both"))
HAS_OA = Condition("condition", ("oa", "both"))
FOR_SOMEONE_ELSE = Condition("who", ("other",))

ABOUT = _("Before you start")
ARTHRITIS = _("Your arthritis")
RA = _("Rheumatoid arthritis")
OA = _("Osteoarthritis")
HEALTH = _("Health and hopes")
CONTACT = _("How to reach you")


def check_reachable(answers: Answers) -> Errors:
    """Require an e-mail address or a phone number, and the one that the chosen channel needs."""
    if not answers.get("email") and not answers.get("phone"):
        return {"email": _("Enter an e-mail address or a phone number, so that we can answer you")}
    if answers.get("channel") == "email" and not answers.get("email"):
        return {"email": _("Enter an e-mail address, or choose another way to be answered")}
    if answers.get("channel") in {"phone", "whatsapp"} and not answers.get("phone"):
        return {"phone": _("Enter a phone number, or choose e-mail as the way to be answered")}
    return {}


QUESTIONNAIRE = Questionnaire(
    (
        Step(
            "consent",
            ABOUT,
            (
                single_choice(
                    "who",
                    _("Who are you filling this in for?"),
                    Option("self", _("For myself")),
                    Option("other", _("For someone else, an adult, with their permission")),
                    message=_("Choose who you are filling this in for"),
                    unsure=False,
                ),
                checkbox("adult", _("Adult"), _("Tick the box if the person is 18 or older. We can only help adults")),
                checkbox(
                    "consent", _("Consent"), _("Tick the box if you agree. Without it we may not keep your answers")
                ),
            ),
            title=_("Before you start"),
        ),
        Step(
            "condition",
            ARTHRITIS,
            (
                single_choice(
                    "condition",
                    _("Which type of arthritis has a doctor told you that you have?"),
                    Option("ra", _("Rheumatoid arthritis (RA)")),
                    Option("oa", _("Osteoarthritis (OA)")),
                    Option("both", _("Both")),
                    Option("another", _("Another type")),
                    Option("none", _("No doctor has told me")),
                    criteria=("ra-diagnosis",),
                ),
            ),
        ),
        Step(
            "ra-symptoms",
            RA,
            (
                single_choice(
                    "ra-symptoms",
                    _("Do you still have joint pain, swelling or flares while on treatment?"),
                    Option("yes", _("Yes")),
                    Option("no", _("No")),
                    Option("not-treated", _("I am not on treatment")),
                    hint=_("A flare is a time when your arthritis gets worse."),
                    criteria=("ra-residual-symptoms",),
                ),
            ),
            asked_when=HAS_RA,
        ),
        Step(
            "ra-medicine-changed",
            RA,
            (
                single_choice(
                    "ra-medicine-changed",
                    _("Has a doctor changed your RA medicine to try to control it better?"),
                    Option("yes", _("Yes")),
                    Option("no", _("No")),
                    Option("no-medicine", _("I take no RA medicine")),
                    hint=_("For example a new dose, or another medicine. You need not name it."),
                    criteria=("ra-optimized-therapy",),
                ),
            ),
            asked_when=HAS_RA,
        ),
        Step(
            "ra-keep-medicine",
            RA,
            (
                single_choice(
                    "ra-keep-medicine",
                    _("Do you plan to keep taking your RA medicine as your doctor advises?"),
                    Option("yes", _("Yes")),
                    Option("no", _("No")),
                    Option("no-medicine", _("I take no RA medicine")),
                    criteria=("ra-keep-plan",),
                ),
            ),
            asked_when=HAS_RA,
        ),
        Step(
            "ra-rheumatologist",
            RA,
            (
                single_choice(
                    "ra-rheumatologist",
                    _("Do you see a rheumatologist (a joint doctor)?"),
                    Option("often", _("Yes, on a regular basis")),
                    Option("not-often", _("Yes, but not often")),
                    Option("no", _("No")),
                    criteria=("ra-follow-up",),
                ),
            ),
            asked_when=HAS_RA,
        ),
        Step(
            "ra-other-health",
            RA,
            (
                single_choice(
                    "ra-other-health",
                    _("Do you have another health problem that is not under control right now?"),
                    Option("no", _("No")),
                    Option("yes", _("Yes")),
                    Option("tell-staff", _("I would rather tell the staff")),
                    hint=_("You need not say which one."),
                    criteria=("ra-stable",),
                ),
            ),
            asked_when=HAS_RA,
        ),
        Step(
            "oa-joints",
            OA,
            (
                multiple_choice(
                    "oa-joints",
                    _("Which joints bother you?"),
                    Option("knee", _("Knee")),
                    Option("hip", _("Hip")),
                    Option("shoulder", _("Shoulder")),
                    Option("hand", _("Hand or wrist")),
                    Option("foot", _("Foot or ankle")),
                    Option("spine", _("Back or neck")),
                    Option("another", _("Another joint")),
                ),
            ),
            asked_when=HAS_OA,
        ),
        Step(
            "oa-severity",
            OA,
            (
                single_choice(
                    "oa-severity",
                    _("Has a doctor told you how severe your OA is?"),
                    Option("mild", _("Mild")),
                    Option("moderate", _("Moderate")),
                    Option("severe", _("Severe")),
                    Option("not-told", _("No one has told me")),
                    criteria=("oa-severity",),
                ),
            ),
            asked_when=HAS_OA,
        ),
        Step(
            "oa-pain-with-use",
            OA,
            (
                single_choice(
                    "oa-pain-with-use",
                    _("Does the joint hurt when you use it?"),
                    Option("yes", _("Yes")),
                    Option("no", _("No")),
                    Option("always", _("It hurts all the time")),
                    criteria=("oa-activity-pain",),
                ),
            ),
            asked_when=HAS_OA,
        ),
        Step(
            "oa-imaging",
            OA,
            (
                single_choice(
                    "oa-imaging",
                    _("Have you had an X-ray, MRI or other scan of the joint?"),
                    Option("yes", _("Yes")),
                    Option("no", _("No")),
                    hint=_("There is no need to send it."),
                    criteria=("oa-imaging",),
                ),
            ),
            asked_when=HAS_OA,
        ),
        Step(
            "oa-joint-shape",
            OA,
            (
                multiple_choice(
                    "oa-joint-shape",
                    _("Is the joint bent out of shape, or does it give way?"),
                    Option("bent", _("It is bent out of shape")),
                    Option("gives-way", _("It gives way")),
                    Option("none", _("None of these"), stands_alone=True),
                    criteria=("oa-joint-stability",),
                ),
            ),
            asked_when=HAS_OA,
        ),
        Step(
            "oa-rehab",
            OA,
            (
                single_choice(
                    "oa-rehab",
                    _("Would you do physical therapy and exercise at home as part of your care?"),
                    Option("yes", _("Yes")),
                    Option("already", _("I already do")),
                    Option("no", _("No")),
                    criteria=("oa-rehab",),
                ),
            ),
            asked_when=HAS_OA,
        ),
        Step(
            "infection",
            HEALTH,
            (
                single_choice(
                    "infection",
                    _("Do you have an infection right now?"),
                    Option("no", _("No")),
                    Option("treated", _("Yes, and it is being treated")),
                    Option("untreated", _("Yes, and it is not being treated")),
                    Option("tell-staff", _("I would rather tell the staff")),
                    hint=_("For example of the skin, a tooth, the chest or the bladder. You need not say which one."),
                    criteria=("ra-infection", "oa-infection"),
                ),
            ),
        ),
        Step(
            "goals",
            HEALTH,
            (
                multiple_choice(
                    "goals",
                    _("What do you hope for?"),
                    Option("less-pain", _("Less pain")),
                    Option("move-better", _("To move better")),
                    Option("protect", _("To protect my joints")),
                    Option("avoid-surgery", _("To avoid surgery")),
                    Option("cure", _("To be cured")),
                    Option("else", _("Something else")),
                    criteria=("ra-goals", "oa-goals"),
                ),
            ),
        ),
        Step(
            "anything-else",
            HEALTH,
            (
                long_text(
                    "anything-else",
                    _("Is there anything else you want us to know?"),
                    max_length=1000,
                    hint=_(
                        "You may leave this empty. Up to 1,000 characters. "
                        "Please write no ID, card or insurance numbers here."
                    ),
                ),
            ),
        ),
        Step(
            "contact",
            CONTACT,
            (
                name("name", _("Your name"), _("Enter your name")),
                name(
                    "patient-name",
                    _("Name of the person you are filling this in for"),
                    _("Enter the name of the person you are filling this in for"),
                    autocomplete="off",
                    asked_when=FOR_SOMEONE_ELSE,
                ),
                email("email", _("E-mail address"), hint=_("An e-mail address or a phone number is enough.")),
                phone("phone", _("Phone number"), hint=_("With the area code, or with + and the country code.")),
                single_choice(
                    "channel",
                    _("How shall we answer you?"),
                    Option("email", _("By e-mail")),
                    Option("phone", _("By phone")),
                    Option("whatsapp", _("By WhatsApp")),
                    message=_("Choose how we shall answer you"),
                    unsure=False,
                ),
                single_choice(
                    "best-time",
                    _("When is a good time to call?"),
                    Option("morning", _("Morning")),
                    Option("afternoon", _("Afternoon")),
                    Option("evening", _("Evening")),
                    Option("any", _("Any time")),
                    message=_("Choose a time to call, or Any time"),
                    unsure=False,
                ),
                single_choice(
                    "leave-message",
                    _("If you do not answer, may we leave a message?"),
                    Option("yes", _("Yes")),
                    Option("no", _("No")),
                    message=_("Choose whether we may leave a message"),
                    unsure=False,
                ),
                single_choice(
                    "language",
                    _("In which language shall we answer?"),
                    Option("en", "English"),
                    Option("es", "Español"),
                    message=_("Choose a language"),
                    unsure=False,
                ),
            ),
            title=_("How can we reach you?"),
            check=check_reachable,
        ),
    )
)
