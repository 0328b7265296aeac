import pytest

from hygie.engines.corpus.formats.json_places import Json
from hygie.engines.corpus.formats.scores import (
    Score,
    preferred,
    read_score,
    read_ssvc,
    vector_score,
)
from hygie.engines.corpus.records import CorpusFormatError
from hygie.vocabulary.enums import Exploitation, TechnicalImpact

V2, V3, V4 = "AV:N/AC:L/Au:N/C:P/I:P/A:P", "CVSS:3.1/AV:N", "CVSS:4.0/AV:N"


def test_cvss_3_is_kept_before_4_and_2() -> None:
    scores = [Score(7.5, V2), Score(9.3, V4), Score(9.8, V3)]
    assert preferred(scores) == Score(9.8, V3)
    assert preferred(scores[:2]) == Score(9.3, V4)
    assert preferred([]) is None


@pytest.mark.parametrize("given", [{}, {"baseScore": 11}, {"baseScore": True}, {"baseScore": "9"}])
def test_a_score_outside_0_to_10_is_refused(given: dict[str, object]) -> None:
    with pytest.raises(CorpusFormatError):
        read_score(Json(given))


def test_a_vector_alone_gives_its_score() -> None:
    vector = "CVSS:3.1/AV:N/AC:L/PR:N/UI:N/S:U/C:H/I:H/A:H"
    assert vector_score(vector) == Score(9.8, vector)


@pytest.mark.parametrize("impact", ["Technical Impact", "technicalImpact"])
def test_a_decision_is_read_as_the_cve_record_and_as_nvd_write_it(impact: str) -> None:
    options = [{"exploitation": "active"}, {"automatable": "no"}, {impact: "Total"}]
    assert read_ssvc(Json({"options": options})) == (Exploitation.ACTIVE, TechnicalImpact.TOTAL)
    assert read_ssvc(Json({"options": []})) == (None, None)


def test_an_unknown_decision_is_refused() -> None:
    with pytest.raises(CorpusFormatError):
        read_ssvc(Json({"options": [{"Exploitation": "perhaps"}]}))
