from __future__ import annotations

import pytest
from django.db import IntegrityError, transaction
from tests.domain.incidents.samples import declared, drafted

from hygie.domain.incidents.models import Incident

pytestmark = pytest.mark.django_db


def test_a_draft_has_no_number_and_a_declaration_has_one() -> None:
    for incident, number in ((drafted(), "INC-2026-1"), (declared(), None)):
        with pytest.raises(IntegrityError), transaction.atomic():
            Incident.objects.filter(pk=incident.pk).update(number=number)
