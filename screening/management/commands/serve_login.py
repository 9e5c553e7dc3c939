import base64
import secrets

from django.contrib.auth import get_user_model
from django.core.management.base import BaseCommand, CommandError
from django_otp.oath import TOTP
from django_otp.plugins.otp_totp.models import TOTPDevice

USERNAME = "staff"
DEMO = "demo"


class Command(BaseCommand):
    help = "For `make serve`: makes its one staff account the first time; --code prints a current one-time code."

    def add_arguments(self, parser) -> None:
        parser.add_argument("--code", action="store_true")

    def handle(self, *args, code: bool, **options) -> None:
        users = get_user_model().objects
        if code:
            device = TOTPDevice.objects.filter(user__username=USERNAME).first()
            if device is None:
                raise CommandError("There is no account yet: run `make serve` first.")
            self.stdout.write(f"{TOTP(device.bin_key, device.step, device.t0, device.digits).token():06d}")
            return
        # The demo login of `make run` lives in the same database, and everybody knows its password.
        users.filter(username=DEMO).update(is_active=False)
        if not users.filter(username=USERNAME).exists():
            password = secrets.token_urlsafe(15)
            device = TOTPDevice.objects.create(
                user=users.create_superuser(USERNAME, password=password), name="serve", confirmed=True
            )
            secret = base64.b32encode(device.bin_key).decode()
            self.stdout.write(f"Staff login (shown once): {USERNAME} / {password}\nOne-time-code secret: {secret}")
        else:
            self.stdout.write(f"Staff login: {USERNAME}, with the password shown at the first start.")
