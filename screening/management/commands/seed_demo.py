from django.conf import settings
from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError

from screening.inquiries import records
from screening.models import Inquiry
from screening.questionnaire import drafts, wording

USERNAME, PASSWORD = "demo", "a demo password"

PEOPLE = ("Ana Demo", "José Ángel Demo-Peña", "Mary-Ann O’Demo")


class Command(BaseCommand):
    help = "With DEBUG only: makes a demo member of staff and invented inquiries, where there are none yet."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--inquiries", type=int, default=3)

    def handle(self, *args, inquiries: int, **options) -> None:
        if not settings.DEBUG:
            raise CommandError("seed_demo runs only with DEBUG on: it makes a login that everybody knows.")
        users = get_user_model().objects
        if not users.filter(username=USERNAME).exists():
            users.create_superuser(USERNAME, password=PASSWORD)
        users.filter(username=USERNAME).update(is_active=True)
        for number in range(Inquiry.objects.count(), inquiries):
            draft = drafts.save(None, demo_answers(number), wording.consent_shown("en"))
            records.submit(draft.pk, "en")
        self.stdout.write(f"Demo login at {settings.SITE_URL}/admin/: {USERNAME} / {PASSWORD}")


def demo_answers(number: int) -> dict:
    """A finished questionnaire of an invented person; the condition goes by turns."""
    ra = {
        "ra-symptoms": "yes",
        "ra-medicine-changed": "yes",
        "ra-keep-medicine": "yes",
        "ra-rheumatologist": "often",
        "ra-other-health": "tell-staff",
    }
    oa = {
        "oa-joints": ["knee", "hip"],
        "oa-severity": "moderate",
        "oa-pain-with-use": "yes",
        "oa-imaging": "unsure",
        "oa-joint-shape": ["gives-way"],
        "oa-rehab": "already",
    }
    condition, branch = (("ra", ra), ("oa", oa), ("both", ra | oa))[number % 3]
    return {
        "who": "self",
        "adult": "yes",
        "consent": "yes",
        "condition": condition,
        **branch,
        "infection": "no",
        "goals": ["less-pain", "move-better"],
        "anything-else": "This is an invented inquiry.",
        "name": PEOPLE[number % len(PEOPLE)],
        "email": f"demo{number}@example.com",
        "phone": "+16195550100",
        "channel": "email",
        "best-time": "morning",
        "leave-message": "yes",
        "language": "en",
    }
