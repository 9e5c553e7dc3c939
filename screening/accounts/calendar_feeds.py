"""Addresses by which a member of staff's calendar program fetches appointments. Only a keyed hash of each is stored."""

import secrets

from django.conf import settings
from django.contrib.auth.models import AbstractBaseUser, User
from django.db import transaction
from django.urls import reverse

from screening.accounts.audit_trail import AccountEvent, log_event
from screening.accounts.models import CalendarFeed
from screening.privacy.blind_index import blind_index

_KIND = "calendar feed"


def make_feed(member: AbstractBaseUser) -> str:
    """Make the member's address, replacing an earlier one, and return it. It cannot be shown again."""
    token = secrets.token_urlsafe(32)
    with transaction.atomic():
        CalendarFeed.objects.filter(member_id=member.pk).delete()
        CalendarFeed.objects.create(member_id=member.pk, token=blind_index(_KIND, token))
        log_event(AccountEvent.FEED_MADE, member)
    return f"{settings.SITE_URL}{reverse('calendar-feed', args=[token])}"


def end_feed(member: AbstractBaseUser, by: AbstractBaseUser | None = None) -> None:
    with transaction.atomic():
        if CalendarFeed.objects.filter(member_id=member.pk).delete()[0]:
            log_event(AccountEvent.FEED_ENDED, member, by)


def feed_of(member: AbstractBaseUser) -> CalendarFeed | None:
    return CalendarFeed.objects.filter(member_id=member.pk).first()


def user_of_feed(token: str) -> User | None:
    """The active member of staff whose address has this token."""
    found = CalendarFeed.objects.select_related("member").filter(token=blind_index(_KIND, token)).first()
    return found.member if found and found.member.is_active and found.member.is_staff else None
