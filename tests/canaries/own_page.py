"""A patient on their own page: a wrong code, the right one, messages that are sent, refused, and only typed."""

import re
from uuid import uuid4

from screening.inquiries import services
from screening.models import PatientAccess
from tests.canaries.planted import REPLIED, TYPED
from tests.inside import inside
from tests.visitor import Visitor


def newest_code() -> str:
    """Runs inside the site."""
    return services.access_code(PatientAccess.objects.latest("made_at"))


def write(patient: Visitor, site) -> str:
    """Return the code, which must be found nowhere."""
    page = re.search(r'href="(/candidacy/inquiry/[^"]+)"', patient.get("/candidacy/sent/").text)[1]
    patient.post(f"{page}code/", {}, form=page)
    code = inside(site.environment, newest_code)
    assert patient.post(f"{page}open/", {"code": TYPED["code"]}, form=page).status == 422
    assert "Where it stands" in patient.post(f"{page}open/", {"code": code}, form=page).text
    assert REPLIED["reply"] in say(patient, page, REPLIED["reply"]).text
    assert say(patient, page, REPLIED["toolong"] * 200).status == 422
    assert REPLIED["halftyped"] in say(patient, page, REPLIED["halftyped"], reading="es").text
    patient.post(f"{page}reply/", {"text": REPLIED["reply"], "csrfmiddlewaretoken": "x" * 32}, form=page)
    return code


def say(patient: Visitor, page: str, text: str, **data: str):
    return patient.post(f"{page}reply/", {"text": text, "message_id": str(uuid4())} | data, form=page)
