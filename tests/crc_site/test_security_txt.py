import datetime

import pytest

ADDRESS = "/.well-known/security.txt"


def fields_of(client) -> dict[str, str]:
    response = client.get(ADDRESS)
    assert response.headers["Content-Type"] == "text/plain; charset=utf-8"
    return dict(line.split(": ", 1) for line in response.content.decode().splitlines() if line)


@pytest.mark.parametrize(
    ("privacy", "clinic", "contact"),
    [
        ("privacy@clinic.example", "hello@clinic.example", "mailto:privacy@clinic.example"),
        ("", "hello@clinic.example", "mailto:hello@clinic.example"),
        ("", "", "http://localhost:8000/privacy/#contact"),
    ],
)
def test_it_says_where_to_tell_of_a_weakness(client, settings, privacy, clinic, contact):
    settings.PRIVACY_EMAIL, settings.CLINIC_EMAIL = privacy, clinic
    assert fields_of(client)["Contact"] == contact


def test_it_is_never_out_of_date_and_good_for_less_than_a_year(client):
    fields = fields_of(client)
    ahead = datetime.datetime.fromisoformat(fields["Expires"]) - datetime.datetime.now(datetime.UTC)
    assert datetime.timedelta(days=30) < ahead < datetime.timedelta(days=365)
    assert fields["Canonical"].endswith(ADDRESS)
    assert fields["Preferred-Languages"] == "en, es"


def test_what_it_names_is_there(client, settings):
    settings.PRIVACY_EMAIL = settings.CLINIC_EMAIL = ""
    for name in ("Contact", "Policy"):
        path, anchor = fields_of(client)[name].removeprefix(settings.SITE_URL).split("#")
        assert f'id="{anchor}"' in client.get(path).content.decode()
