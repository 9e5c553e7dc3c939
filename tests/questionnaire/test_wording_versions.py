import copy
import json

from screening.questionnaire import wording_versions


def test_the_version_is_named_by_its_content():
    digest, content = wording_versions.current_wording()
    assert len(digest) == 64
    assert wording_versions.digest(json.loads(json.dumps(content))) == digest
    changed = copy.deepcopy(content)
    changed["en"]["criteria"]["oa-severity"] += "."
    assert wording_versions.digest(changed) != digest


def test_how_a_question_is_asked_belongs_to_the_version():
    steps = {step["slug"]: step for step in wording_versions.current_wording()[1]["en"]["steps"]}
    assert steps["ra-symptoms"]["asked_when"] == {"key": "condition", "values": ["ra", "both"]}
    assert steps["contact"]["title"] == "How can we reach you?"
    (symptoms,) = steps["ra-symptoms"]["questions"]
    assert (symptoms["kind"], symptoms["hint"]) == (
        "single_choice",
        "A flare is a time when your arthritis gets worse.",
    )
    assert (symptoms["values"], symptoms["alone"]) == (["yes", "no", "not-treated", "unsure"], ["unsure"])
    (anything_else,) = steps["anything-else"]["questions"]
    assert (anything_else["is_optional"], anything_else["most"]) == (True, 1000)
    patient = steps["contact"]["questions"][1]
    assert patient["asked_when"] == {"key": "who", "values": ["other"]}


def test_it_holds_all_that_the_patient_reads():
    _digest, content = wording_versions.current_wording()
    english = content["en"]
    assert len(english["criteria"]) == 15
    assert english["consent"]["version"]
    ticked = next(q for step in english["steps"] for q in step["questions"] if q["key"] == "consent")
    assert "I have read this" in ticked["label"]
