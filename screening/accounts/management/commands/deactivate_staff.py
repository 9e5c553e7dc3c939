from typing import Any

from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from screening.accounts.audit_trail import AccountEvent, log_event
from screening.accounts.enrolment import reset_credentials
from screening.accounts.models import Member


class Command(BaseCommand):
    help = (
        "Deactivates a staff account when no Manager is at hand: its sessions, authenticator app, recovery codes and "
        "link stop working at once. A Manager can activate it again and make a new link."
    )

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")

    def handle(self, *args: Any, name: str, **options: Any) -> None:
        with transaction.atomic():
            member = Member.objects.select_for_update().filter(username=name, is_active=True).first()
            if member is None:
                raise CommandError(f"There is no active account named {name}.")
            member.is_active = False
            member.save(update_fields=["is_active"])
            reset_credentials(member)
            log_event(AccountEvent.DEACTIVATED, member)
        self.stdout.write(f"{name} is deactivated.")
