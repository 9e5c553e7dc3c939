import io

import pytest
from django.core.management import CommandError, call_command
from django.urls import reverse

from screening.accounts import audit_trail
from screening.accounts.models import Authenticator, Member
from tests.accounts.people import code_of, enrolled, signed_in, try_to_sign_in

pytestmark = pytest.mark.django_db


def test_sessions_app_and_codes_stop_working_at_once(client, settings):
    settings.STAFF_REQUIRE_OTP = True
    ana, app, codes = enrolled("Manager", "ana")
    browser = signed_in(ana)
    out = io.StringIO()
    call_command("deactivate_staff", "ana", stdout=out)
    assert out.getvalue() == "ana is deactivated.\n"
    assert browser.get(reverse("admin:index")).status_code == 302
    for code in (code_of(app), codes[0]):
        assert try_to_sign_in(client, "ana", code=code).status_code == 200
    assert not Authenticator.objects.exists()
    Member.objects.update(is_active=True)
    assert try_to_sign_in(client, "ana", code=codes[0]).status_code == 200
    assert any(entry.what == audit_trail.AccountEvent.DEACTIVATED.label for entry in audit_trail.audit_trail(ana))


@pytest.mark.parametrize("name", ["nobody", "gone"])
def test_who_has_no_active_account_is_named(name):
    Member.objects.create_user("gone", is_staff=True, is_active=False)
    with pytest.raises(CommandError, match=f"^There is no active account named {name}.$"):
        call_command("deactivate_staff", name)
