from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError, CommandParser
from django.db import transaction

from screening.accounts.audit_trail import AccountEvent, log_event
from screening.accounts.enrolment import create_link
from screening.accounts.models import Member
from screening.accounts.permissions import GROUP_PERMISSIONS


class Command(BaseCommand):
    help = "Creates a staff account and prints its enrolment link, which works once, within 24 hours."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("name", help="the user name")
        parser.add_argument("--group", choices=list(GROUP_PERMISSIONS), help="required for a new account")
        parser.add_argument("--email", default="")
        parser.add_argument("--again", action="store_true", help="create a new link for an existing account")

    def handle(self, *args: Any, name: str, group: str | None, email: str, again: bool, **options: Any) -> None:
        with transaction.atomic():
            member = _existing_member(name) if again else _new_member(name, group, email)
            link = create_link(member)
        self.stdout.write(f"Enrolment link for {name}, valid once, for 24 hours:\n{link}")


def _existing_member(name: str) -> Member:
    member = Member.objects.filter(username=name, is_staff=True, is_active=True).first()
    if member is None:
        raise CommandError(f"There is no active account of staff named {name}.")
    return member


def _new_member(name: str, group: str | None, email: str) -> Member:
    if group is None:
        raise CommandError(f"Say which group: --group {' or '.join(GROUP_PERMISSIONS)}.")
    if Member.objects.filter(username=name).exists():
        raise CommandError(f"There is an account named {name} already. Add --again to make a new link for it.")
    member = Member(username=name, email=email, is_staff=True)
    member.set_unusable_password()
    try:
        member.full_clean()
    except ValidationError as error:
        raise CommandError(" ".join(error.messages)) from None
    member.save()
    member.groups.set([Group.objects.get(name=group)])
    log_event(AccountEvent.MADE, member, detail=group)
    return member
