"""Reports made by the real tools against servers on loopback, and small ones in their formats."""

from __future__ import annotations

import json
from pathlib import Path
from typing import Final

SAMPLES: Final = Path(__file__).with_name("reports")


def real(name: str) -> bytes:
    """Return a report that the real tool wrote (nmap 7.93, testssl.sh 3.0.8, sslyze 6.3.1)."""
    return (SAMPLES / name).read_bytes()


NMAP = b"""<?xml version="1.0"?><!DOCTYPE nmaprun>
<nmaprun scanner="nmap" args="nmap --script vuln -oX -" start="1772600000" version="7.95">
<scaninfo type="syn" protocol="tcp" services="22-23,443,3389"/>
<host><status state="up"/><address addr="9.9.9.9" addrtype="ipv4"/>
<address addr="00:11:22:33:44:55" addrtype="mac"/>
<hostnames><hostname name="vpn.essai.example" type="user"/><hostname name="r.tiers.example"
type="PTR"/></hostnames>
<ports><port protocol="tcp" portid="23"><state state="open"/><service name="telnet"/></port>
<port protocol="tcp" portid="3389"><state state="closed"/><service name="ms-wbt-server"/></port>
<port protocol="tcp" portid="443"><state state="open"/>
<service name="https" product="nginx"
version="1.18.0"><cpe>cpe:/a:igor_sysoev:nginx:1.18.0</cpe></service>
<script id="ssl-poodle" output="VULNERABLE: SSL POODLE IDs: CVE:CVE-2014-3566"/>
<script id="http-csrf" output="NOT VULNERABLE"/></port></ports></host>
<host><status state="down"/><address addr="9.9.9.10" addrtype="ipv4"/></host>
<host><status state="up"/><address addr="10.0.0.7" addrtype="ipv4"/>
<ports><port protocol="tcp" portid="23"><state state="open"/><service
name="telnet"/></port></ports></host>
</nmaprun>"""

NUCLEI_EVENTS = [
    {
        "template-id": "CVE-2023-4966",
        "info": {"name": "Citrix Bleed", "severity": "critical",
                 "classification": {"cve-id": ["cve-2023-4966"]}},
        "host": "https://vpn.essai.example",
        "matched-at": "https://vpn.essai.example/oauth/idp",
        "ip": "9.9.9.9",
        "timestamp": "2026-03-04T08:00:00.123456789+01:00",
    },
    {
        "template-id": "tech-detect",
        "info": {"name": "Wappalyzer", "severity": "info"},
        "host": "https://vpn.essai.example:8443",
        "matched-at": "https://vpn.essai.example:8443",
        "matcher-name": "nginx",
    },
]  # fmt: skip
NUCLEI = "\n".join(json.dumps(event) for event in NUCLEI_EVENTS).encode()

SHODAN_BANNERS = [
    {
        "ip_str": "9.9.9.9", "port": 443, "hostnames": ["vpn.essai.example"],
        "product": "Citrix Gateway", "cpe23": ["cpe:2.3:a:citrix:netscaler_gateway"],
        "version": "13.1-48.47", "timestamp": "2026-03-01T10:00:00.000000",
        "vulns": {"CVE-2023-4966": {"verified": False, "cvss": 9.4, "summary": "leak"}},
    },
    {"ip_str": "9.9.9.9", "port": 25, "hostnames": [], "timestamp": "2026-03-02T10:00:00"},
]  # fmt: skip
SHODAN = "\n".join(json.dumps(banner) for banner in SHODAN_BANNERS).encode()

NESSUS = b"""<?xml version="1.0"?><NessusClientData_v2><Policy><Preferences><ServerPreferences>
<preference><name>plugin_set</name><value>57608;104743;12345;</value></preference>
</ServerPreferences></Preferences></Policy><Report name="r">
<ReportHost name="10.0.0.7"><HostProperties><tag name="HOST_END_TIMESTAMP">1772600000</tag>
<tag name="host-fqdn">srv.essai.example</tag></HostProperties>
<ReportItem port="445" protocol="tcp" severity="2" pluginID="57608" pluginName="SMB Signing not
required" pluginFamily="Misc.">
<synopsis>Signing is not required.</synopsis>
<solution>Require it.</solution><cve>CVE-2016-2115</cve></ReportItem>
<ReportItem port="0" protocol="tcp" severity="0" pluginID="19506" pluginName="Scan Information"/>
</ReportHost><ReportHost name="10.0.0.8"><HostProperties/>
<ReportItem port="443" protocol="tcp" severity="4" pluginID="104743" pluginName="TLS
1.0"/></ReportHost>
</Report></NessusClientData_v2>"""

OPENVAS = b"""<report id="a"><report id="a"><gmp><version>22.5</version></gmp>
<task id="t-1"><name>Hebdo</name></task><scan_run_status>Done</scan_run_status>
<filters><term>min_qod=70 levels=hmlg first=1</term></filters>
<scan_end>2026-03-04T08:00:00Z</scan_end>
<host><ip>10.0.0.7</ip><end>2026-03-04T07:59:00Z</end></host><host><ip>10.0.0.8</ip><end/></host>
<results><result><name>Weak MAC</name><host>10.0.0.7<hostname>srv.essai.example</hostname></host>
<port>22/tcp</port><severity>5.3</severity><qod><value>80</value></qod>
<nvt oid="1.3.6.1.4.1.25623.1.0.105610"><refs><ref type="cve" id="CVE-2008-5161"/><ref type="url"
id="https://x.example"/></refs></nvt></result>
<result><name>A guess</name><host>10.0.0.7</host><port>general/tcp</port><severity>9.8</severity>
<qod><value>30</value></qod><nvt oid="1.2.3"/></result>
<result><name>Log</name><host>10.0.0.7</host><port>general/tcp</port><severity>0.0</severity><nvt
oid="1.2.4"/></result>
</results></report></report>"""

PINGCASTLE = b"""<?xml version="1.0"?><HealthcheckData><EngineVersion>3.3.0.1</EngineVersion>
<GenerationDate>2026-03-04T08:00:00+01:00</GenerationDate><DomainFQDN>CH-Essai.local</DomainFQDN>
<MaturityLevel>1</MaturityLevel><RiskRules>
<HealthcheckRiskRule><Points>50</Points><Category>Anomalies</Category><Model>GoldenTicket</Model>
<RiskId>A-Krbtgt</RiskId><Rationale>Last change: 3108 day(s) ago</Rationale></HealthcheckRiskRule>
<HealthcheckRiskRule><Points>10</Points><Category>StaleObjects</Category><RiskId>S-ADRegistration</RiskId>
<Rationale>10 machines</Rationale></HealthcheckRiskRule>
<HealthcheckRiskRule><Points>20</Points><Category>Anomalies</Category><RiskId>A-Invented</RiskId>
<Rationale>Something else</Rationale></HealthcheckRiskRule></RiskRules></HealthcheckData>"""

ORADAD = json.dumps(
    {
        "domain": "ch-essai.local",
        "date": "2026-03-04",
        "points": [
            {"id": "vuln_guest", "level": 2, "objects": ["Invité"]},
            {"id": "vuln_owner", "level": "3"},
        ],
    }
).encode()

ALL = {
    "nmap": NMAP,
    "nuclei": NUCLEI,
    "testssl": (SAMPLES / "testssl-flat.json").read_bytes(),
    "sslyze": (SAMPLES / "sslyze.json").read_bytes(),
    "shodan": SHODAN,
    "pingcastle": PINGCASTLE,
    "oradad": ORADAD,
    "openvas": OPENVAS,
    "nessus": NESSUS,
}
