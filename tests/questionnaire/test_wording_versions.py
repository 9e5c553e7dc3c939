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


def test_it_holds_all_that_the_patient_reads():
    _digest, content = wording_versions.current_wording()
    english = content["en"]
    assert len(english["criteria"]) == 15
    assert english["consent"]["version"]
    ticked = next(q for step in english["steps"] for q in step["questions"] if q["key"] == "consent")
    assert "I have read this" in ticked["label"]
