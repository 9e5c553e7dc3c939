"""Hypothesis strategies for hostile input."""

from hypothesis import strategies as st

from screening.questionnaire.steps import QUESTIONNAIRE

NASTY = [
    "\x00",
    "\u202eevil",
    "\ud800",
    "\udfff",
    "\u2066",
    "A" * 5000,
    "<script>",
    "%00",
    "..%5c",
    "' OR 1=1",
    "\r\nX: y",
]
texts = (
    st.text(max_size=60) | st.sampled_from(NASTY) | st.tuples(st.text(max_size=9), st.sampled_from(NASTY)).map("".join)
)
slugs = [step.slug for step in QUESTIONNAIRE.steps]
keys = st.sampled_from([question.key for _, question in QUESTIONNAIRE.questions()]) | st.text(max_size=20)
addresses = st.sampled_from([f"/candidacy/{slug}/" for slug in slugs]) | st.text(max_size=40).map(
    lambda text: f"/candidacy/{text}/"
)
