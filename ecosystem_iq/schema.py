"""The tables of a workspace, declared once: columns, types, ranges, words, keys.

Readers, the validator, the templates of ``init`` and the documentation are all generated from these declarations, so a
column is added here and nowhere else. Nothing in this module reads data.

Conventions: identifiers are text always (leading zeros matter); dates are ISO 8601; several values in one cell are
separated by ``|``; a blank cell is missing; unknown columns are kept as attributes.
"""

from __future__ import annotations

from collections.abc import Mapping
from dataclasses import dataclass, field
from typing import Literal

Type = Literal["text", "word", "number", "integer", "date", "flag", "list"]


@dataclass(frozen=True, slots=True)
class Column:
    """One column of a table.

    Attributes
    ----------
    name : str
    type : {"text", "word", "number", "integer", "date", "flag", "list"}
    words : mapping of str to float or None
        Allowed words; a number beside a word lets either be written (``strong`` or ``.75``).
    low, high : float or None
        Inclusive range.
    required : bool
        A blank cell is an error.
    references : str
        Table whose key a value must name.
    recorded : bool
        The date of something observed: the newest one is the default of ``as_of``.
    example : str
        Cell written by ``init``.
    hint : str
        Remedy shown when a value is out of range.
    """

    name: str
    type: Type = "text"
    words: Mapping[str, float | None] = field(default_factory=dict)
    low: float | None = None
    high: float | None = None
    required: bool = False
    references: str = ""
    recorded: bool = False
    example: str = ""
    hint: str = ""


@dataclass(frozen=True, slots=True)
class Table:
    """One table of a workspace.

    Attributes
    ----------
    name : str
        Also the name of its file, without suffix.
    key : tuple of str
        Columns which together name a row; blank parts are a value of their own.
    columns : tuple of Column
    periods : tuple of (str, str)
        Pairs of date columns of which the second must be later (or, where it may be equal, ``due`` dates).
    tree : tuple of (str, str) or None
        Child and parent column which must form no cycle.
    purpose : str
    """

    name: str
    key: tuple[str, ...]
    columns: tuple[Column, ...]
    periods: tuple[tuple[str, str], ...] = ()
    tree: tuple[str, str] | None = None
    purpose: str = ""

    def column(self, name: str) -> Column:
        """The column of that name."""
        return next(column for column in self.columns if column.name == name)

    @property
    def names(self) -> tuple[str, ...]:
        """Names of the columns, in order."""
        return tuple(column.name for column in self.columns)


def _text(name: str, example: str = "", *, required: bool = False) -> Column:
    return Column(name, required=required, example=example)


def _words(name: str, words: str | Mapping[str, float | None], example: str = "", *, required: bool = False) -> Column:
    allowed = dict.fromkeys(words.split()) if isinstance(words, str) else dict(words)
    return Column(name, "word", words=allowed, required=required, example=example)


def _list(name: str, words: str = "", example: str = "", references: str = "") -> Column:
    return Column(name, "list", words=dict.fromkeys(words.split()), example=example, references=references)


def _number(
    name: str, low: float | None = None, high: float | None = None, example: str = "", *, required: bool = False
) -> Column:
    return Column(name, "number", low=low, high=high, required=required, example=example)


def _share(name: str, example: str = "", *, required: bool = False) -> Column:
    return _number(name, 0, 1, example, required=required)


def _count(name: str, low: int = 0, high: int | None = None, example: str = "", *, required: bool = False) -> Column:
    return Column(name, "integer", low=low, high=high, required=required, example=example)


def _date(name: str, example: str = "", *, recorded: bool = False, required: bool = False) -> Column:
    return Column(name, "date", recorded=recorded, required=required, example=example)


def _flag(name: str, example: str = "") -> Column:
    return Column(name, "flag", example=example)


def _ref(name: str, table: str, example: str = "", *, required: bool = False) -> Column:
    return Column(name, references=table, required=required, example=example)


def _id(name: str, example: str) -> Column:
    return Column(name, required=True, example=example)


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
_VISIBILITY = _words("visibility", "all commercial medical access restricted", "all")
_HOLDER = _ref("holder", "companies")
_AS_OF = _date("as_of", "2026-06-30", recorded=True)
_CONFIDENCE = _share("confidence", "0.8")
_EVIDENCE = _ref("evidence_id", "evidence", "ev-1")
_VALIDITY = (("valid_from", "valid_to"),)


TABLES: tuple[Table, ...] = (
    Table(
        "stakeholders",
        ("stakeholder_id",),
        (
            _id("stakeholder_id", "dr-example"),
            _text("name", "Dr Example", required=True),
            _words(
                "kind",
                "person organisation committee department patient_group payer regulator programme own_team",
                "person",
                required=True,
            ),
            _words("group", GROUPS, "clinician"),
            _ref("org_id", "stakeholders"),
            _text("title", "Clinical lead"),
            _text("specialty", "cardiology"),
            _words("care_setting", SYSTEMS_OF_CARE, "secondary"),
            _text("country", "GB"),
            _text("region"),
            _text("city"),
            *(_text(name) for name in ("npi", "ccn", "ods_code", "onekey_id", "veeva_id", "salesforce_id")),
            *(_text(name) for name in ("ror", "orcid")),
            _count("beds"),
            _number("patient_volume", 0),
            _number("potential_value", 0),
            _list("preferred_channels", CHANNELS, "email|webinar"),
            _list("avoided_channels", CHANNELS),
            _VISIBILITY,
            _text("lawful_basis", "legitimate_interest"),
            _date("informed_on", "2026-01-15"),
            _date("objected_on"),
            _date("retain_until"),
            _text("special_category"),
            _flag("declared_conflict", "no"),
            _text("record_source", "own research"),
            _AS_OF,
            _CONFIDENCE,
        ),
        purpose="who there is: people, organisations, committees",
    ),
    Table(
        "ties",
        ("holder", "source", "target", "kind", "layer", "account_id", "valid_from"),
        (
            _HOLDER,
            _ref("source", "stakeholders", "dr-example", required=True),
            _ref("target", "stakeholders", "dr-second", required=True),
            _words("kind", TIE_KINDS, "influences"),
            _text("layer"),
            _ref("account_id", "accounts", "acc-1"),
            _date("valid_from", "2025-01-01", recorded=True),
            Column(
                "strength",
                "number",
                words=STRENGTHS,
                low=0,
                high=1,
                example="strong",
                hint="A tie which works against has sign -1 and a positive strength.",
            ),
            Column("sign", "word", words={"positive": 1, "negative": -1}, example="1"),
            _words("direction", "directed undirected mutual", "directed"),
            _text("therapeutic_area"),
            _words("evidence_kind", "observed nominated self_reported documented inferred", "observed"),
            _count("n_sources", 0, None, "2"),
            _date("valid_to"),
            _date("last_confirmed", "2026-05-01", recorded=True),
            _CONFIDENCE,
            _EVIDENCE,
            _VISIBILITY,
            _text("note"),
        ),
        periods=_VALIDITY,
        purpose="who moves whom: source influences target",
    ),
    Table(
        "accounts",
        ("account_id",),
        (
            _id("account_id", "acc-1"),
            _text("name", "Example Health System", required=True),
            _words(
                "kind", "idn ics aco hospital_group regional_payer oncology_network clinic_chain national other", "idn"
            ),
            _ref("anchor_id", "stakeholders"),
            _ref("parent_id", "accounts"),
            _text("country", "GB"),
            _text("region"),
            _text("therapeutic_area", "cardiology"),
            _count("population", 0, None, "500000"),
            _number("potential_value", 0, None, "1200000"),
            _text("currency", "EUR"),
            _words("financial_health", "weak stable strong", "stable"),
            _words("value_need", "drug_price healthcare_cost total_value", "total_value"),
            _words("culture", "centralised hybrid decentralised", "hybrid"),
        ),
        tree=("account_id", "parent_id"),
        purpose="the customer ecosystems: health systems, hospital groups, payers",
    ),
    Table(
        "company_accounts",
        ("company_id", "account_id"),
        (
            _ref("company_id", "companies", "co-1", required=True),
            _ref("account_id", "accounts", "acc-1", required=True),
            _count("priority", 1, None, "1"),
            _number("potential_value", 0, None, "800000"),
            _share("own_share", "0.2"),
            _share("competition", "0.5"),
            _words("investment", "low medium high", "medium"),
            _list("expected_functions", FUNCTIONS, "medical|access"),
            _date("since", "2024-01-01"),
            _date("until"),
        ),
        periods=(("since", "until"),),
        purpose="which company serves which account",
    ),
    Table(
        "memberships",
        ("holder", "account_id", "stakeholder_id", "valid_from"),
        (
            _HOLDER,
            _ref("account_id", "accounts", "acc-1"),
            _ref("stakeholder_id", "stakeholders", "dr-example", required=True),
            _date("valid_from", "2025-01-01", recorded=True),
            _words(
                "decision_role",
                "decision_maker approver evaluator influencer gatekeeper user beneficiary none",
                "decision_maker",
            ),
            _text("role_slot", "clinical_lead"),
            _words("stance", STANCES, "supporter"),
            _number("influence_judged", 0, 10, "8"),
            _number("interest", 0, 10, "6"),
            _words("adaptability", "innovator early_adopter early_majority late_majority laggard", "early_adopter"),
            _words("contact_depth", "unknown no_contact brief multiple in_depth", "multiple"),
            _words("relationship_level", RELATIONSHIP_LEVELS, "credible_source"),
            _words("relationship_goal", RELATIONSHIP_LEVELS, "problem_solver"),
            _flag("is_target", "yes"),
            _number("engagement_cost", 0, None, "4"),
            _text("owner", "A. Owner"),
            _list("functions", FUNCTIONS, "medical"),
            _list("systems", "", "crm"),
            _date("valid_to"),
            _AS_OF,
            _CONFIDENCE,
            _EVIDENCE,
            _VISIBILITY,
        ),
        periods=_VALIDITY,
        purpose="what is true of a stakeholder in one account",
    ),
    Table(
        "values",
        ("holder", "account_id", "stakeholder_id", "value_type", "perspective", "as_of"),
        (
            _HOLDER,
            _ref("account_id", "accounts", "acc-1"),
            _ref("stakeholder_id", "stakeholders", "dr-example", required=True),
            _words(
                "value_type",
                "clinical economic operational patient_experience strategic reputational",
                "clinical",
                required=True,
            ),
            _words("perspective", "received created at_risk", "received", required=True),
            _AS_OF,
            _number("amount", example="1000"),
            _text("currency", "EUR"),
            _share("share", "0.2"),
            _EVIDENCE,
            _VISIBILITY,
        ),
        purpose="who receives, creates and risks which value",
    ),
    Table(
        "jobs",
        ("job_id",),
        (
            _id("job_id", "job-1"),
            _text(
                "statement",
                "shorten the time to diagnosis",
                required=True,
            ),
            _words(
                "category",
                "clinical operational economic access patient system digital",
                "clinical",
            ),
            _words(
                "funnel_stage",
                "awareness diagnosis decision access initiation adherence outcome",
                "diagnosis",
            ),
            _words("group", GROUPS, "clinician"),
        ),
        purpose="what stakeholders want to get done: verb, object, context",
    ),
    Table(
        "job_ratings",
        ("holder", "job_id", "account_id", "stakeholder_id", "period"),
        (
            _HOLDER,
            _ref("job_id", "jobs", "job-1", required=True),
            _ref("account_id", "accounts", "acc-1"),
            _ref("stakeholder_id", "stakeholders", "dr-example"),
            _text("period", "2026"),
            _number("importance", example="5", required=True),
            _number("satisfaction", example="2", required=True),
            _words("scale", "1-5 0-10 top2_pct", "1-5"),
            _count("n", 1),
            _number("sd_importance", 0),
            _number("sd_satisfaction", 0),
            _VISIBILITY,
        ),
        purpose="how important a job is and how well it is served",
    ),
    Table(
        "funnel",
        ("account_id", "stage", "period"),
        (
            _ref("account_id", "accounts", "acc-1"),
            _words(
                "stage",
                "awareness diagnosis decision access initiation adherence outcome",
                "diagnosis",
            ),
            _text("period", "2026"),
            _number("patients_in", 0, None, "1000", required=True),
            _number("patients_out", 0, None, "600", required=True),
            _number("value_per_patient", 0),
        ),
        purpose="patients who enter and leave each stage of care",
    ),
    Table(
        "trigger_events",
        ("holder", "trigger_id"),
        (
            _HOLDER,
            _id("trigger_id", "trg-1"),
            _ref("account_id", "accounts", "acc-1", required=True),
            _text("name", "Formulary review"),
            _words(
                "kind",
                "clinical_data guideline formulary_review contract_renewal budget_cycle leadership_change policy "
                "competitor_event quality_report technology_change patient_advocacy capacity_event",
                "formulary_review",
            ),
            _ref("stakeholder_id", "stakeholders", "dr-example"),
            _date("registered_on", "2026-05-01", recorded=True),
            _date("window_start", "2026-09-01"),
            _date("window_end", "2026-10-31"),
            _share("probability", "0.6"),
            _text("expected_effect"),
            _count("lead_time_days", example="60"),
            _words("status", "watch open acted fired missed expired", "watch"),
            _date("fired_on", recorded=True),
            _text("owner", "A. Owner"),
            _ref("item_id", "plan", "item-1"),
            _VISIBILITY,
        ),
        periods=(("window_start", "window_end"),),
        purpose="dated events which can move a decision",
    ),
    Table(
        "companies",
        ("company_id",),
        (
            _id("company_id", "co-1"),
            _text("name", "Example Pharma (fictional)", required=True),
            _text("peer_group", "cardiology"),
            _count("size_rank", 1, None, "1"),
            _text("region", "Europe"),
            _text("masked_code", "C01"),
            _flag("in_sample", "yes"),
        ),
        purpose="who is compared",
    ),
    Table(
        "plan",
        ("item_id",),
        (
            _id("item_id", "item-1"),
            _ref("company_id", "companies", "co-1", required=True),
            _words(
                "level",
                "purpose imperative objective firefight initiative tactic milestone",
                "initiative",
                required=True,
            ),
            _text(
                "statement",
                "Design the referral pathway together",
                required=True,
            ),
            _ref("parent_id", "plan"),
            _ref("account_id", "accounts", "acc-1"),
            _list("job_ids", "", "job-1", "jobs"),
            _list("co_designer_ids", "", "dr-example|dr-second", "stakeholders"),
            _words("horizon", "run improve redesign", "redesign"),
            _words("theme", "access quality efficiency evidence social sustainability other", "access"),
            _date("declared_on", "2026-01-15", recorded=True),
            _words("channel", CHANNELS),
            _words("function", FUNCTIONS),
            _words("intent", "acquire support educate service"),
            _words("label_status", "on_label pre_approval off_label", "on_label"),
            _text("kpi"),
            _words("kpi_perspective", "patient account company society"),
            *(_number(name) for name in ("baseline", "target", "actual")),
            *(_date(name) for name in ("start", "due", "due_original", "done_on")),
            _number("budget", 0, example="50000"),
            _text("currency", "EUR"),
            _text("owner", "A. Owner"),
            _EVIDENCE,
        ),
        tree=("item_id", "parent_id"),
        purpose="purpose to tactic: what a company set out to do",
    ),
    Table(
        "interactions",
        ("interaction_id",),
        (
            _id("interaction_id", "int-1"),
            _ref("company_id", "companies", "co-1", required=True),
            _date("date", "2026-05-20", recorded=True, required=True),
            _ref("stakeholder_id", "stakeholders", "dr-example", required=True),
            _ref("account_id", "accounts", "acc-1"),
            _words("function", FUNCTIONS, "medical"),
            _words("channel", CHANNELS, "face_to_face"),
            _words("direction", "outbound inbound two_way", "two_way"),
            _words("mode", "co_design consult deliver inform", "consult"),
            _ref("item_id", "plan"),
            _ref("job_id", "jobs"),
            _ref("trigger_id", "trigger_events"),
            _text("content_id"),
            _flag("relevant"),
            _flag("acted"),
            _words("rated_by", "stakeholder rep"),
            _number("sentiment", -1, 1),
            _VISIBILITY,
        ),
        purpose="contacts between a company and a stakeholder",
    ),
    Table(
        "teams",
        ("company_id", "account_id", "persona", "period"),
        (
            _ref("company_id", "companies", "co-1", required=True),
            _ref("account_id", "accounts", "acc-1"),
            _text("persona", "account lead"),
            _text("period", "2026"),
            _text("role"),
            _number("fte", 0, None, "1"),
            _words("layer", "frontline enabling", "frontline"),
            _words("sourcing", "internal external", "internal"),
            *(_count(name, 0, 3, "2") for name in ("decision_right", "people_right", "reward_right")),
            _number("approval_days", 0, None, "5"),
            _share("local_decision_share", "0.5"),
            _share("outcome_pay_share", "0.1"),
        ),
        purpose="who serves an account, with which rights",
    ),
    Table(
        "pulse",
        ("company_id", "period", "function", "item_id"),
        (
            _ref("company_id", "companies", "co-1", required=True),
            _text("period", "2026"),
            _text("function", "medical"),
            _text("item_id", "purpose"),
            _share("top2_share", "0.7", required=True),
            _count("n", 1, None, "40", required=True),
        ),
        purpose="agreement with purpose and strategy inside a company",
    ),
    Table(
        "scores",
        ("company_id", "indicator_id", "period", "rater", "as_of"),
        (
            _ref("company_id", "companies", "co-1", required=True),
            _text("indicator_id", "R10", required=True),
            _text("period", "2026"),
            _text("rater", "rater-1"),
            _AS_OF,
            _number("value", example="3"),
            _words("state", SCORE_STATES, "scored"),
            _words("method", "computed assessor survey external", "assessor"),
            _count("n", 1),
            _number("se", 0),
            _EVIDENCE,
            _text("comment"),
        ),
        purpose="what assessors gave each company on each indicator",
    ),
    Table(
        "evidence",
        ("evidence_id",),
        (
            _id("evidence_id", "ev-1"),
            _words(
                "kind",
                "document dataset interview survey public_web observation qualitative",
                "interview",
                required=True,
            ),
            _text("title", "Example interview"),
            _text("locator"),
            _date("date", "2026-04-12", recorded=True),
            _words("grade", "A B C D", "B"),
            _text("quote"),
            _text("access"),
        ),
        purpose="what a statement rests on, graded A to D",
    ),
    Table(
        "outcomes",
        ("company_id", "metric", "period"),
        (
            _ref("company_id", "companies", "co-1", required=True),
            _text("metric", "nps", required=True),
            _text("period", "2026"),
            _words("block", "engagement patient external financial launch", "engagement"),
            _number("value", example="42", required=True),
            _text("unit", example="index"),
            _count("n", 1, None, "120"),
            _number("se", 0),
            _number("baseline"),
            _number("peer_value"),
            _words("attribution", "direct contributory associative none", "associative"),
            _number("expected_lag_months", 0),
            _text("narrative"),
            _EVIDENCE,
        ),
        purpose="results on the board page",
    ),
    Table(
        "adoptions",
        ("stakeholder_id", "innovation"),
        (
            _ref("stakeholder_id", "stakeholders", "dr-example", required=True),
            _text("innovation", "new protocol", required=True),
            _date("adopted_on", "2026-02-01", recorded=True),
            _date("observed_from", "2025-01-01"),
            _date("observed_to", "2026-06-30", recorded=True),
            _ref("account_id", "accounts", "acc-1"),
        ),
        periods=(("observed_from", "observed_to"),),
        purpose="who adopted when, for the backtest",
    ),
    Table(
        "exposures",
        ("stakeholder_id", "innovation", "period", "covariate"),
        (
            _ref("stakeholder_id", "stakeholders", "dr-example", required=True),
            _text("innovation", "new protocol", required=True),
            _text("period", "2026"),
            _text("covariate", "visits"),
            _number("value", example="2", required=True),
        ),
        purpose="marketing contact and the like, for the backtest",
    ),
    Table(
        "transfers",
        ("company_id", "stakeholder_id", "period", "nature"),
        (
            _ref("company_id", "companies", "co-1", required=True),
            _ref("stakeholder_id", "stakeholders", "dr-example", required=True),
            _text("period", "2026"),
            _text("nature", "education"),
            _number("amount", example="100"),
            _text("currency", "EUR"),
            _count("count", 0, None, "1"),
        ),
        purpose="transfers of value, as context only",
    ),
)

BY_NAME: dict[str, Table] = {table.name: table for table in TABLES}

NEEDS: dict[str, tuple[str, ...]] = {
    "map": ("stakeholders", "ties"),
    "view": ("stakeholders", "ties"),
    "benchmark": ("companies", "scores"),
}
"""Tables without which a command cannot run."""

NO_DATA_ABOUT_PATIENTS = (
    r"^(patient_?(id|name|no|number)|mrn|medical_record.*|ssn(_.*)?|social_security.*|dea(_?(no|number|id))?|"
    r"nhs_?(no|number)|date_of_birth|birth_?date|dob)$"
)
"""Column names which are refused: nothing here needs data about a patient, or a number made for fraud."""


def table(name: str) -> Table:
    """The declaration of one table.

    Examples
    --------
    >>> table("ties").key[:3]
    ('holder', 'source', 'target')
    """
    return BY_NAME[name]
