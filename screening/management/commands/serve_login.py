import secrets
from typing import Any

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError, CommandParser

from screening.accounts.models import Authenticator, new_key
from screening.management.commands.seed_demo import DEMO_ACCOUNTS

USERNAME = "staff"


class Command(BaseCommand):
    help = "For `make serve`: creates its staff account the first time; --code prints the current one-time code."

    def add_arguments(self, parser: CommandParser) -> None:
        parser.add_argument("--code", action="store_true")

    def handle(self, *args: Any, code: bool, **options: Any) -> None:
        users = get_user_model().objects
        if code:
            app = Authenticator.objects.filter(user__username=USERNAME).first()
            if app is None:
                raise CommandError("There is no account yet: run `make serve` first.")
            self.stdout.write(f"{app.clock().token():06d}")
            return
        # The demo accounts of `make run` are in the same database, and their password is public.
        users.filter(username__in=DEMO_ACCOUNTS).update(is_active=False)
        if not users.filter(username=USERNAME).exists():
            password, key = secrets.token_urlsafe(15), new_key()
            user = users.create_superuser(USERNAME, password=password)
            Authenticator.objects.create(user=user, name="serve", key=key)
            self.stdout.write(f"Staff login (shown once): {USERNAME} / {password}\nOne-time-code secret: {key}")
        else:
            self.stdout.write(f"Staff login: {USERNAME}, with the password shown at the first start.")
