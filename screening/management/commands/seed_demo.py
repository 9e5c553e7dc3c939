from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError

from screening.inquiries import records
from screening.models import Inquiry
from screening.questionnaire import drafts, wording

PASSWORD = "a demo password"
# User name, and the group; the first is a technician, who may do everything.
DEMO_ACCOUNTS = {
    "demo": None,
    "demo-reader": "Reader",
    "demo-reviewer": "Reviewer",
    "demo-manager": "Manager",
}

PEOPLE = ("Ana Demo", "José Ángel Demo-Peña", "Mary-Ann O’Demo")


class Command(BaseCommand):
    help = "With DEBUG only: makes demo accounts of staff and invented inquiries, where there are none yet."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--inquiries", type=int, default=3)

    def handle(self, *args, inquiries: int, **options) -> None:
        if not settings.DEBUG:
            raise CommandError("seed_demo runs only with DEBUG on: it makes a login that everybody knows.")
        for name, group in DEMO_ACCOUNTS.items():
            make_account(name, group)
        for number in range(Inquiry.objects.count(), inquiries):
            draft = drafts.save(None, demo_answers(number), wording.consent_shown("en"))
            records.submit(draft.pk, "en")
        self.stdout.write(f"Demo login at {settings.SITE_URL}/admin/: demo / {PASSWORD}")
        others = ", ".join(name for name, group in DEMO_ACCOUNTS.items() if group)
        self.stdout.write(f"With the same password, as each group sees the desk: {others}")


def make_account(name: str, group: str | None) -> None:
    """A demo account as it is made the first time; `make serve` may have deactivated it meanwhile."""
    users = get_user_model().objects
    if not users.filter(username=name).exists():
        made = users.create_user(name, password=PASSWORD, is_staff=True, is_superuser=group is None)
        made.groups.set(Group.objects.filter(name=group))
    users.filter(username=name).update(is_active=True)


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
