from __future__ import annotations

from typing import TYPE_CHECKING

import pytest

if TYPE_CHECKING:
    from tests.lab.conftest import Lab


@pytest.mark.parametrize(
    ("service", "beginning"),
    [
        ("sftp.chr-machaon.example:22", b"SSH-2.0-OpenSSH_7.4\r\n"),
        ("ftp.ch-panacee.example:21", b"220 ProFTPD 1.3.5 Server"),
        ("onduleur.lagons-asclepios.example:23", b"\xff\xfb\x01\xff\xfb\x03Lagons UPS card"),
        ("pc-admin.hl-telesphore.example:5900", b"RFB 003.008\n"),
    ],
)
def test_a_service_introduces_itself(lab: Lab, service: str, beginning: bytes) -> None:
    with lab.connect(service) as line:
        assert line.recv(200).startswith(beginning)


def test_mysql_sends_a_handshake_of_the_announced_length(lab: Lab) -> None:
    with lab.connect("sql.chs-epione.example:3306") as line:
        packet = line.recv(4096)

    assert int.from_bytes(packet[:3], "little") == len(packet) - 4
    assert packet[4:].startswith(b"\x0a5.5.62-log\0")
    assert packet.endswith(b"mysql_native_password\0")


def test_remote_desktop_waits_for_the_caller_then_confirms(lab: Lab) -> None:
    request = bytes.fromhex("030000130ee000000000000100080003000000")
    with lab.connect("tse.ch-panacee.example:3389") as line:
        line.settimeout(0.1)
        with pytest.raises(TimeoutError):
            line.recv(1)

        line.settimeout(5)
        line.sendall(request)
        answer = line.recv(100)

    assert int.from_bytes(answer[2:4], "big") == len(answer)
    assert answer[5] == 0xD0  # X.224 Connection Confirm
