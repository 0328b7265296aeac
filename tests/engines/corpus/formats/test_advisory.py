from hygie.engines.corpus.formats.advisory import stamped
from hygie.engines.corpus.records import EVERY_VERSION, NO_ATTRIBUTES, Statement


def test_a_statement_is_stamped_with_its_date_and_document() -> None:
    bare = Statement("acme/pump", "*", NO_ATTRIBUTES, "generic", (EVERY_VERSION,), "nvd")
    [statement] = stamped([bare], dated="2099-01-02", document="ACME-1")
    assert (statement.dated, statement.document) == ("2099-01-02", "ACME-1")
    assert statement._replace(dated="", document="") == bare
