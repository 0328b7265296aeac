from __future__ import annotations

from hygie.engines.probing.ports import DEFAULT_PORTS, SERVICES, fitting_probes


def test_some_sixty_ports_are_looked_at() -> None:
    assert 55 <= len(SERVICES) <= 70


def test_nothing_is_ever_sent_to_a_printer_nor_to_a_machine_of_the_building() -> None:
    for port in (9100, 515, 102, 502, 1911, 20000, 44818, 47808, 623):
        assert not SERVICES[port].question
        assert not SERVICES[port].listens


def test_a_port_named_by_a_person_gets_the_probes_that_fit() -> None:
    assert fitting_probes(443) == ("tcp", "tls", "http", "tls-depth", "fhir", "dicomweb")
    assert fitting_probes(11112) == ("tcp", "dicom")
    assert fitting_probes(2575) == ("tcp", "mllp")
    assert fitting_probes(22) == ("tcp",)


def test_medical_ports_are_asked_in_their_own_protocol_only() -> None:
    medical = {*DEFAULT_PORTS["dicom"], *DEFAULT_PORTS["mllp"]}

    assert not medical & set(SERVICES)
