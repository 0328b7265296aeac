"""Labels of the FINESS categories that health and medico-social establishments bear most.

FINESS+ gives the code alone. The official list has several hundred; a code that is not here
shows without label.

Source: reference/DOMAIN.md § 7.1 and the labels of the etalab extract.
"""

from __future__ import annotations

from typing import Final

CATEGORY_LABELS: Final = {
    "101": "Centre hospitalier régional (CHR)",
    "106": "Centre hospitalier, ex-hôpital local",
    "109": "Établissement de santé privé autorisé en SSR",
    "114": "Hôpital des armées",
    "115": "Établissement de soins du service de santé des armées",
    "122": "Établissement de soins obstétriques, chirurgico-gynécologiques",
    "124": "Centre de santé",
    "127": "Hospitalisation à domicile",
    "128": "Établissement de soins chirurgicaux",
    "129": "Établissement de soins médicaux",
    "131": "Centre de lutte contre le cancer",
    "141": "Centre de dialyse",
    "146": "Structure d’alternative à la dialyse en centre",
    "156": "Centre médico-psychologique (CMP)",
    "161": "Maison de santé pour maladies mentales",
    "182": "Service d’éducation spéciale et de soins à domicile",
    "183": "Institut médico-éducatif (IME)",
    "186": "Institut thérapeutique, éducatif et pédagogique (ITEP)",
    "189": "Centre médico-psycho-pédagogique (CMPP)",
    "202": "Résidence autonomie",
    "246": "Établissement et service d’aide par le travail (ESAT)",
    "255": "Maison d’accueil spécialisée (MAS)",
    "292": "Centre hospitalier spécialisé lutte maladies mentales",
    "354": "Service de soins infirmiers à domicile (SSIAD)",
    "355": "Centre hospitalier (CH)",
    "362": "Établissement de soins longue durée",
    "365": "Établissement de soins pluridisciplinaire",
    "437": "Foyer d’accueil médicalisé (FAM)",
    "445": "Service d’accompagnement médico-social adultes handicapés",
    "500": "Établissement d’hébergement pour personnes âgées dépendantes",
    "603": "Maison de santé",
    "604": "Communauté professionnelle territoriale de santé (CPTS)",
    "611": "Laboratoire de biologie médicale",
    "620": "Pharmacie d’officine",
    "696": "Groupement de coopération sanitaire de moyens",
    "697": "Groupement de coopération sanitaire, établissement de santé",
    "698": "Autre établissement relevant de la loi hospitalière",
    "699": "Entité ayant autorisation",
}
