from typing import Any

from django.conf import settings
from django.contrib.auth import get_user_model
from django.contrib.auth.models import Group
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.utils import timezone

from screening.inquiries import services
from screening.management import demo_data
from screening.models import Inquiry
from screening.questionnaire import drafts, wording_versions

PASSWORD = "a demo password"
# User names and groups; the first is a superuser.
DEMO_ACCOUNTS = {
    "demo": None,
    "demo-reader": "Reader",
    "demo-reviewer": "Reviewer",
    "demo-manager": "Manager",
}

SENDERS = ("Ana Demo", "José Ángel Demo-Peña", "Mary-Ann O’Demo")
BATCH = 1000


class Command(BaseCommand):
    help = (
        "With DEBUG only: creates demo staff accounts and invented inquiries, up to the number given. The first three "
        "are submitted like a patient's, so their letters are mailed; the others are inserted in bulk, with a history."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--inquiries", type=int, default=len(SENDERS))

    def handle(self, *args: Any, inquiries: int, **options: Any) -> None:
        if not settings.DEBUG:
            raise CommandError("seed_demo runs only with DEBUG on: it makes a login that everybody knows.")
        for name, group in DEMO_ACCOUNTS.items():
            make_account(name, group)
        existing = Inquiry.objects.count()
        for number in range(existing, min(inquiries, len(SENDERS))):
            draft = drafts.save_answers(
                None, demo_data.answers(number, SENDERS[number]), wording_versions.consent_version("en")
            )
            if draft is None:
                raise CommandError("The draft was deleted meanwhile: run it again.")
            services.submit(draft.pk, "en")
        self._insert(max(existing, len(SENDERS)), inquiries)
        self.stdout.write(f"Demo login at {settings.SITE_URL}/admin/: demo / {PASSWORD}")
        others = ", ".join(name for name, group in DEMO_ACCOUNTS.items() if group)
        self.stdout.write(f"With the same password, as each group sees the desk: {others}")

    def _insert(self, first: int, end: int) -> None:
        now = timezone.now()
        staff = list(get_user_model().objects.filter(groups__name__in=("Reviewer", "Manager")).order_by("pk"))
        for start in range(first, end, BATCH):
            services.create_demo_inquiries(demo_data.people(start, min(BATCH, end - start), now, staff))
            self.stdout.write(f"Invented: {min(start + BATCH, end)} of {end}")


def make_account(name: str, group: str | None) -> None:
    """Create a demo account if it is missing, and activate it: `make serve` deactivates it."""
    users = get_user_model().objects
    if not users.filter(username=name).exists():
        user = users.create_user(name, password=PASSWORD, is_staff=True, is_superuser=group is None)
        user.groups.set(Group.objects.filter(name=group))
    users.filter(username=name).update(is_active=True)
