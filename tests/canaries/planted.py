"""The words, one for each field that takes free text, whoever fills it in."""

CANARY = "Zyxcanary"

# What a patient says.
SAID = {
    "name": f"{CANARY}name Person",
    "patient-name": f"{CANARY}patient",
    "email": f"{CANARY}mail@example.com",
    "anything-else": f"{CANARY}words",
}

# What staff write about it.
WRITTEN = {
    what: f"{CANARY}{what}"
    for what in ("note", "remark", "call", "paragraph", "unsent", "held", "lifted", "reopened", "corrected")
}

# What is typed where it is not kept at all, by mistake or on purpose.
TYPED = {
    what: f"{CANARY}{what}"
    for what in ("sought", "honeypot", "forged", "login", "password", "code", "host", "header", "field", "file")
}
