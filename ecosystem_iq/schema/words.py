"""The words of the tables, and the columns which many of them share."""

from __future__ import annotations

from ecosystem_iq.schema.columns import date, ref, share, words

GROUPS = (
    "clinician pharmacy nursing executive finance_procurement payer policy patient_public research_academia digital_it "
    "quality_pathway supplier own_company other"
)
CHANNELS = "face_to_face remote_call phone email webinar event web mobile social direct_mail portal congress committee"
FUNCTIONS = "sales medical access patient_services marketing account_management other"
SYSTEMS_OF_CARE = "primary secondary tertiary community pharmacy home payer_admin cross_setting"
TIE_KINDS = (
    "influences advises reports_to collaborates coauthors member_of refers_to competes conflicts owns employs funds "
    "supplies bears_risk_for"
)
STRENGTHS: dict[str, float | None] = {"weak": 0.25, "moderate": 0.5, "strong": 0.75, "very_strong": 1.0}
STANCES: dict[str, float | None] = {"opponent": -2, "non_supporter": -1, "neutral": 0, "supporter": 1, "advocate": 2}
RELATIONSHIP_LEVELS = "vendor credible_source problem_solver trusted_advisor"
SCORE_STATES = "scored not_disclosed not_applicable not_assessed"
VISIBILITY = words("visibility", "all commercial medical access restricted", "all")
HOLDER = ref("holder", "companies")
AS_OF = date("as_of", "2026-06-30", recorded=True)
CONFIDENCE = share("confidence", "0.8")
EVIDENCE = ref("evidence_id", "evidence", "ev-1")
VALIDITY = (("valid_from", "valid_to"),)
