"""Functions that create staff accounts and sign them in; every value is invented."""

from django.contrib.auth.models import Group
from django.test import Client
from django.urls import reverse

from screening.accounts import recovery_codes
from screening.accounts.models import Authenticator, Member, new_key

PASSWORD = "an invented pass phrase"


def member(group: str | None = None, name: str | None = None, **named) -> Member:
    """A member of staff in a group or in none; by default without a password."""
    made = Member.objects.create_user(name or (group or "stranger").lower(), is_staff=True, **named)
    made.groups.set(Group.objects.filter(name=group))
    return made


def enrolled(group: str | None = "Reader", name: str | None = None, **named) -> tuple[Member, Authenticator, list[str]]:
    """Create a member with a password, an app and recovery codes."""
    made = member(group, name, password=PASSWORD, **named)
    app = Authenticator.objects.create(user_id=made.pk, name="app", key=new_key())
    return made, app, recovery_codes.generate_codes(made)


def code_of(app: Authenticator) -> str:
    return f"{app.clock().token():06d}"


def signed_in(who: Member) -> Client:
    client = Client()
    client.force_login(who)
    return client


def try_to_sign_in(client: Client, name: str, password: str = PASSWORD, code: str = "", **extra):
    """Post the sign-in form; ``extra`` goes to the request."""
    sent = {"username": name, "password": password, "otp_token": code, "next": reverse("admin:index")}
    return client.post(reverse("admin:login"), sent, **extra)
