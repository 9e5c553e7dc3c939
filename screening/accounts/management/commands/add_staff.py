from typing import Any

from django.contrib.auth.models import Group
from django.core.exceptions import ValidationError
from django.core.management.base import BaseCommand, CommandError
from django.db import transaction

from screening.accounts.audit_trail import AccountEvent, log_event
from screening.accounts.enrolment import create_link
from screening.accounts.models import Member
from screening.accounts.permissions import GROUP_PERMISSIONS


class Command(BaseCommand):
    help = "Makes an account of staff and prints its enrolment link, which works once and for 24 hours."

    def add_arguments(self, parser) -> None:
        parser.add_argument("name", help="for signing in")
        parser.add_argument("--group", choices=list(GROUP_PERMISSIONS), help="needed for a new account")
        parser.add_argument("--email", default="")
        parser.add_argument("--again", action="store_true", help="a new link for an account that there is already")

    def handle(self, *args: Any, name: str, group: str | None, email: str, again: bool, **options) -> None:
        with transaction.atomic():
            member = _known(name) if again else _made(name, group, email)
            link = create_link(member)
        self.stdout.write(f"Enrolment link for {name}, good once and for 24 hours:\n{link}")


def _known(name: str) -> Member:
    member = Member.objects.filter(username=name, is_staff=True, is_active=True).first()
    if member is None:
        raise CommandError(f"There is no active account of staff named {name}.")
    return member


def _made(name: str, group: str | None, email: str) -> Member:
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
