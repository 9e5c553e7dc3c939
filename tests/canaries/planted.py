"""The canary words, one for each free-text field of patients and staff."""

CANARY = "Zyxcanary"

# Written by a patient.
PATIENT_INPUT = {
    "name": f"{CANARY}name Person",
    "patient-name": f"{CANARY}patient",
    "email": f"{CANARY}mail@example.com",
    "anything-else": f"{CANARY}words",
}

# Written by a patient on their own page.
REPLIED = {what: f"{CANARY}{what}" for what in ("reply", "toolong", "halftyped")}

# Written by staff.
WRITTEN = {
    what: f"{CANARY}{what}"
    for what in (
        "note",
        "remark",
        "call",
        "paragraph",
        "unsent",
        "held",
        "lifted",
        "reopened",
        "corrected",
        "message",
        "link",
        "done",
    )
}

# Input that is never stored.
TYPED = {
    what: f"{CANARY}{what}"
    for what in ("sought", "honeypot", "forged", "login", "password", "code", "host", "header", "field", "file")
}
