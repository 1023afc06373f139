"""Texts of the demo: jobs, aims, indicators of success, events. Invented, and about nobody."""

from __future__ import annotations

JOBS = (  # group, category, stage of care, statement
    ("clinician", "clinical", "diagnosis", "Identify patients who benefit before the disease has spread"),
    ("clinician", "clinical", "decision", "Choose the next line of treatment when guidelines disagree"),
    ("clinician", "system", "outcome", "Hand follow-up over to community teams without losing information"),
    ("pharmacy", "economic", "decision", "Judge the place of a new medicine before the formulary meets"),
    ("pharmacy", "operational", "initiation", "Release the first dose within two days of the decision"),
    ("pharmacy", "clinical", "adherence", "Answer questions about interactions at the point of dispensing"),
    ("nursing", "patient", "adherence", "Recognise side effects between visits before they need a bed"),
    ("nursing", "operational", "initiation", "Schedule infusion chairs when demand changes at short notice"),
    ("nursing", "patient", "initiation", "Teach patients to take their treatment at home"),
    ("executive", "system", "diagnosis", "Align departments on one pathway across all sites"),
    ("executive", "economic", "decision", "Predict the cost of a new pathway before committing a budget"),
    ("executive", "system", "outcome", "Show the board that outcomes improve for the population served"),
    ("finance_procurement", "economic", "access", "Compare contracts by total cost of care"),
    ("finance_procurement", "economic", "access", "Forecast spending when indications widen"),
    ("finance_procurement", "operational", "access", "Settle claims without manual rework"),
    ("payer", "access", "access", "Decide coverage when evidence is immature"),
    ("payer", "economic", "outcome", "Share financial risk on results which both sides can measure"),
    ("payer", "system", "diagnosis", "Steer patients to centres with proven results"),
    ("patient_public", "patient", "awareness", "Understand the options before the first appointment"),
    ("patient_public", "access", "initiation", "Cover travel and co-payments without debt"),
    ("patient_public", "patient", "adherence", "Stay on treatment while working and caring for others"),
    ("research_academia", "clinical", "diagnosis", "Find patients who are eligible for a trial across centres"),
    ("research_academia", "digital", "outcome", "Publish results from routine care within a year"),
    ("research_academia", "clinical", "awareness", "Bring new evidence into local practice"),
    ("digital_it", "digital", "diagnosis", "Link records of hospitals, pharmacies and practices"),
    ("digital_it", "digital", "decision", "Give staff one place to see the whole pathway"),
    ("digital_it", "digital", "awareness", "Let teams reach advice without a visit or a call"),
    ("quality_pathway", "system", "diagnosis", "Shorten the time from referral to the first specialist visit"),
    ("quality_pathway", "system", "awareness", "Find patients who drop out between stages of care"),
    ("quality_pathway", "access", "access", "Clear prior authorisation before the first visit"),
)

PURPOSE = "Bring the right treatment to every person with cancer in time"
IMPERATIVES = (
    ("Understand the ecosystem of every priority account", "evidence"),
    ("Create value together with those who deliver care", "quality"),
    ("Shorten the way from suspicion to treatment", "efficiency"),
    ("Remove barriers of cost and coverage", "access"),
    ("Show results from routine care", "evidence"),
    ("Reach people who are served too little today", "social"),
)
OBJECTIVES = (
    "Agree shared aims with priority accounts",
    "Map value and influence in every priority account",
    "Cut the days to first treatment",
    "Bring coverage decisions forward",
    "Report outcomes with partners",
    "Open services in underserved districts",
)
FIREFIGHTS = (
    "Recover from a supply interruption",
    "Answer a tender which came without notice",
    "Repair complaints about a portal",
)
INITIATIVES = {  # category of the job it is for -> names
    "clinical": ("Tumour board support", "Peer education network"),
    "operational": ("Chair capacity planning", "First dose in two days"),
    "economic": ("Outcome agreement", "Shared budget forecast"),
    "access": ("Prior authorisation desk", "Coverage with evidence development"),
    "patient": ("Home treatment service", "Adherence support"),
    "system": ("Referral redesign", "One pathway across sites"),
    "digital": ("Patient finding with shared data", "Shared view of the pathway"),
}
TACTICS = (
    "Joint workshop series",
    "Evidence briefing",
    "Pilot at two sites",
    "Training for staff",
    "Dashboard for partners",
)
MILESTONES = ("Charter agreed", "Baseline measured", "Pilot started", "First results shared", "Decision on scale")
KPIS = {  # category of the job -> what, whose, baseline, target
    "clinical": ("share of eligible patients found", "account", 0.44, 0.60),
    "operational": ("days from decision to first dose", "patient", 12.0, 5.0),
    "economic": ("total cost of care, index", "account", 100.0, 94.0),
    "access": ("days from decision to coverage", "account", 35.0, 20.0),
    "patient": ("share of patients on treatment after 12 months", "patient", 0.61, 0.72),
    "system": ("days from referral to treatment", "patient", 42.0, 28.0),
    "digital": ("partners who rate the work useful", "company", 0.52, 0.70),
}
EVENTS = {  # kind of event -> name, expected effect, base rate
    "clinical_data": ("Read-out of a clinical study", "evidence for earlier use", 0.6),
    "guideline": ("Revision of the treatment guideline", "place in the pathway", 0.5),
    "formulary_review": ("Review by the formulary committee", "listing decision", 0.65),
    "contract_renewal": ("Renewal of the supply contract", "terms for two years", 0.6),
    "budget_cycle": ("Budget round", "budget line for the pathway", 0.7),
    "leadership_change": ("Change at the head of a department", "new priorities", 0.35),
    "policy": ("New rule on reimbursement", "coverage criteria", 0.4),
    "competitor_event": ("Launch by a competitor", "review of first choice", 0.45),
    "quality_report": ("Publication of quality indicators", "attention to waiting times", 0.55),
    "technology_change": ("New records system", "order sets change", 0.4),
    "patient_advocacy": ("Campaign of patient groups", "public attention", 0.35),
    "capacity_event": ("Change of infusion capacity", "site of care", 0.45),
}
PERSONAS = (  # persona, role, layer, medical
    ("ecosystem_lead", "account director", "frontline", False),
    ("scientific_partner", "medical science liaison", "frontline", True),
    ("value_access_lead", "access manager", "frontline", False),
    ("reimbursement_navigator", "reimbursement specialist", "frontline", False),
    ("patient_support_lead", "patient services manager", "frontline", False),
    ("pathway_designer", "pathway consultant", "frontline", False),
    ("digital_orchestrator", "digital engagement manager", "enabling", False),
    ("data_partner", "outcomes analyst", "enabling", False),
    ("advocacy_partner", "advocacy relations manager", "frontline", False),
)
OUTCOMES = (  # metric, block, unit, lowest, highest, follows, attribution, lag in months
    ("nps", "engagement", "points", -20.0, 60.0, "A9", "contributory", 6),
    ("partner_retention", "engagement", "share", 0.55, 0.95, "A2", "contributory", 12),
    ("days_to_treatment", "patient", "days", 48.0, 26.0, "A7", "contributory", 12),
    ("adherence_12_months", "patient", "share", 0.45, 0.80, "A7", "associative", 18),
    ("joint_publications", "external", "count", 0.0, 24.0, "A1", "direct", 12),
    ("revenue_growth", "financial", "percent", -3.0, 12.0, "", "none", 24),
    ("listings_within_90_days", "launch", "share", 0.20, 0.85, "R8", "associative", 12),
)
OWNERS = ("Noémie Strandholm", "Idris Calderante", "Petra Zielinowa", "Rohan Haverstane", "Lucía Fuentealma")
