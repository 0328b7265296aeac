"""Read PingCastle's health check (``ad_hc_DOMAIN.xml``).

Its rules are carried to the ANSSI's control points where one says the same; the others count as
findings and leave the level alone. A health check runs every rule: what it does not list is well.

Source: https://github.com/netwrix/pingcastle (elements HealthcheckData, RiskRules; the level and
point that each rule declares).
"""

from __future__ import annotations

from typing import TYPE_CHECKING, Final

from hygie.engines.exchange.scans.cells import (
    bounded,
    host_from,
    key_of,
    line_of,
    number_from,
    time_from,
    wrong,
)
from hygie.engines.exchange.scans.control_points import SEVERITIES, control_points, directory_of
from hygie.engines.exchange.scans.report import Issue, Scan
from hygie.engines.exchange.structured import parse_xml_bounded
from hygie.vocabulary.enums import Severity

if TYPE_CHECKING:
    import xml.etree.ElementTree as ET  # nosec B405

TOOL: Final = "pingcastle"

POINTS: Final = {
    "A-BadSuccessor": ("", 1), "A-CertTempAgent": ("vuln_adcs_template_auth_enroll_with_name", 1),
    "A-CertTempAnyone": ("vuln_adcs_template_control", 1),
    "A-CertTempAnyPurpose": ("vuln_adcs_template_auth_enroll_with_name", 1),
    "A-CertTempCustomSubject": ("vuln_adcs_template_auth_enroll_with_name", 1),
    "A-CertROCA": ("vuln_certificates_vuln", 1),
    "A-CertWeakRsaComponent": ("vuln_certificates_vuln", 1),
    "A-MD5RootCert": ("vuln_certificates_vuln", 1),
    "A-WeakRSARootCert": ("vuln_certificates_vuln", 1),
    "A-WeakRSARootCert2": ("vuln_certificates_vuln", 3),
    "A-DnsZoneUpdate1": ("vuln_dnszone_bad_prop", 1),
    "A-DnsZoneUpdate2": ("vuln_dnszone_bad_prop", 3),
    "A-Guest": ("vuln_guest", 2), "A-Krbtgt": ("vuln_krbtgt", 2),
    "A-NTFRSOnSysvol": ("vuln_sysvol_ntfrs", 2),
    "A-PreWin2000Anonymous": ("vuln_compatible_2000_anonymous", 2),
    "A-PreWin2000Other": ("vuln_compatible_2000_not_default", 3),
    "A-SmartCardPwdRotation": ("vuln_smartcard_expire_passwords", 4),
    "P-DCOwner": ("vuln_owner", 3),
    "P-DelegationDCa2d2": ("vuln_delegation_a2d2", 1),
    "P-DelegationDCsourcedeleg": ("vuln_delegation_sourcedeleg", 1),
    "P-DelegationDCt2a4d": ("vuln_delegation_t2a4d", 1),
    "P-DNSAdmin": ("vuln_dnsadmins", 1),
    "P-DsHeuristicsAdminSDExMask": ("vuln_dsheuristics_bad", 1),
    "P-ProtectedUsers": ("vuln_protected_users", 3),
    "P-RODCAllowedGroup": ("vuln_rodc_allowed_group", 3),
    "P-RODCDeniedGroup": ("vuln_rodc_denied_group", 3),
    "P-RODCKrbtgtOrphan": ("vuln_rodc_orphan_krbtgt", 3),
    "P-RODCNeverReveal": ("vuln_rodc_never_reveal", 3),
    "P-RODCRevealOnDemand": ("vuln_rodc_reveal", 3),
    "P-RODCAdminRevealed": ("vuln_rodc_priv_revealed", 2),
    "P-UnconstrainedDelegation": ("vuln_delegation_t4d", 1),
    "S-ADRegistration": ("vuln_user_accounts_machineaccountquota", 4),
    "S-C-PrimaryGroup": ("vuln_primary_group_id_nochange", 3),
    "S-C-Reversible": ("vuln_reversible_password_priv_uac", 3),
    "S-DC-Inactive": ("vuln_password_change_inactive_dc", 1),
    "S-DCRegistration": ("vuln_dc_inconsistent_uac", 1),
    "S-DesEnabled": ("vuln_kerberos_properties_deskey", 2),
    "S-FunctionalLevel1": ("vuln_functional_level", 1),
    "S-FunctionalLevel3": ("vuln_functional_level", 3),
    "S-FunctionalLevel4": ("vuln_functional_level", 3),
    "S-NoPreAuth": ("vuln_kerberos_properties_preauth", 2),
    "S-NoPreAuthAdmin": ("vuln_kerberos_properties_preauth_priv", 1),
    "S-PrimaryGroup": ("vuln_primary_group_id_nochange", 3),
    "S-PwdLastSet-45": ("vuln_password_change_server_no_change_45", 3),
    "S-PwdLastSet-90": ("vuln_password_change_server_no_change_90", 2),
    "S-PwdLastSet-Cluster": ("vuln_password_change_cluster_no_change_3years", 2),
    "S-PwdLastSet-DC": ("vuln_password_change_dc_no_change", 1),
    "S-PwdNeverExpires": ("vuln_dont_expire", 2),
    "S-Reversible": ("vuln_reversible_password_priv_uac", 3),
    "T-Inactive": ("vuln_trusts_accounts", 2),
    "T-SIDHistoryDangerous": ("vuln_sidhistory_dangerous", 2),
    "T-SIDHistorySameDomain": ("vuln_sidhistory_present", 3),
    "T-SIDHistoryUnknownDomain": ("vuln_sidhistory_present", 3),
    "T-TGTDelegation": ("vuln_trusts_tgt_deleg", 3),
}  # fmt: skip
"""PingCastle's rule -> (ANSSI's point, empty when none says it; level)."""

_POINTS_MAJOR: Final = 20
_POINTS_MODERATE: Final = 5


def parse_pingcastle(document: bytes, *, source: str) -> Scan:
    """Return the rules that fired in one domain, and its level.

    Raises:
        InputError: if the document is not a health check, or names no domain.
    """
    root = parse_xml_bounded(document, source=source)
    domain = host_from(root.findtext("DomainFQDN"))
    rules = root.find("RiskRules")
    if root.tag.lower() != "healthcheckdata" or not domain or rules is None:
        raise wrong("PingCastle (ad_hc_….xml)", source=source)
    issues = []
    placed: list[tuple[str, int]] = []
    for rule in bounded(rules, source=source):
        key = key_of(rule.findtext("RiskId"))
        if not key:
            continue
        point, level = POINTS.get(key, ("", 0))
        if point:
            placed.append((point, level))
        issues.append(_issue(rule, key, point, level, domain))
    return Scan(
        tool=TOOL,
        version=line_of(root.findtext("EngineVersion"), 60),
        taken_at=time_from(root.findtext("GenerationDate")),
        hosts={domain: None},
        issues=tuple(issues),
        scope=TOOL,
        directory=directory_of(domain, placed, unplaced=len(issues) - len(placed)),
    )


def _issue(rule: ET.Element, key: str, point: str, level: int, domain: str) -> Issue:
    points = number_from(rule.findtext("Points")) or 0
    rationale = line_of(rule.findtext("Rationale"))
    known = control_points().get(point)
    return Issue(
        key=key,
        subject=domain,
        title=known.title if known else rationale or key,
        severity=SEVERITIES[level] if level else _severity(points),
        facts={
            "rationale": rationale,
            "category": line_of(rule.findtext("Category"), 60),
            "points": points,
            "anssi": point,
            "level": level or None,
        },
    )


def _severity(points: float) -> Severity:
    """Return how bad a rule that no ANSSI point names is, by the points PingCastle counts."""
    if points >= _POINTS_MAJOR:
        return Severity.MAJOR
    return Severity.MODERATE if points >= _POINTS_MODERATE else Severity.MINOR
