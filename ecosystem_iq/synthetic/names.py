"""Word lists of the demo: invented names only.

Given names are common ones of many countries; family names, places, organisations and companies are made up, so that
no row can be mistaken for a real person, hospital or manufacturer.
"""

from __future__ import annotations


def _listed(text: str) -> tuple[str, ...]:
    """Words parted by blanks."""
    return tuple(text.split())


GIVEN = _listed(
    "Ada Adaeze Agnès Aïcha Akira Alejandra Amara Ambroise Amélie Anaïs Andrés Anneke Anouk Arjun Astrid Ayşe Bastien "
    "Beatriz Benedikt Björn Bronagh Camille Caoimhe Cecília Chidi Chloé Clémence Dagmar Dana Daniyar Deepa Dimitra "
    "Dmitri Eilidh Eleni Elif Émile Enrique Erzsébet Esi Fadima Farid Fátima Femke Fergus Florian Françoise Gaëlle "
    "Giulia Goran Grete Hadiza Håkon Hana Haruka Héctor Helena Hyun Ibrahim Idris Ilse Imani Inés Ingrid Ioana Isaura "
    "Iván Jacinta Jakub Javier Jelena Jiří Joana Jokūbas Jörg José Juno Kaito Karima Katarína Kwame Laszlo Leila León "
    "Liam Lucía Ludmila Maëlys Magnus Malik Marek Márta Matteo Mehmet Mei Mireia Mónica Nadia Naledi Niamh Nikolaj "
    "Noémie Núria Oisín Olena Omar Ottilie Pádraig Paloma Pavel Perpetua Petra Priya Rafael Rahel Ramón Renée Rohan "
    "Rósa Ruta Saoirse Sebastián Selma Seung Siân Siddharth Søren Stéphane Sunniva Takumi Tamsin Tariq Thandiwe Tomáš "
    "Ursula Valérie Verónica Vikram Wanjiru Wiebke Xiadani Yasmin Yèmi Yuki Zainab Zoë Zsófia Żaneta "
)
FAMILY = _listed(
    "Abiodare Adeyanwu Akintarou Alvareira Ångstedal Arvidmark Ashgarth Aydoğansel Balasundre Barnswicke Bélamontois "
    "Bergstrøn Bianchetto Björnvallen Boulanvert Brackenthwaite Brzezanow Calderante Carvalhães Castelmoor Çelikaydan "
    "Chakravan Chevrelle Cieślowska Corrigane Dąbrovic Dellacorza Demirsoyan Desrochelle Dlaminwe Dörfelhaus "
    "Eikenvoll Eriksholt Esterházan Fairwether Fernándiz Fitzgarrow Fuentealma Gallowind Ganeshwaran Ghobadian "
    "Girardelle Gómezal Grünewitz Guðmarsdal Hakimzadeh Halloraine Haverstane Hernandel Hoangvu Horváthy Ibragimane "
    "Ishikuramoto Ivanchev Jankowisz Jørgensholm Kalamanu Kaplanoğ Karimsaid Kettlewhite Kimathuri Kobayanagi "
    "Kovačevan Kristofferholm Kulkarnath Kwartemba Lachapellier Langstrøm Larraínza Lefèvrand Lindqvael Llewelmoor "
    "Lõhmuste Lombardessi Łukasiewan Macbraydon Mahlangeni Malikovic Marchetelli Martínara Mbekwenu Mendozal "
    "Mikkelsrud Mirzayan Montserrano Moravičan Mukherjana Müllerstedt Nakashimoto Navarreño Ndiayara Ngugiwa "
    "Nguyenlam Niemirowska Nørrelund Novákovic O'Brannoch O'Sheaghan Oduyamba Okonjaro Olafsvik Ólmedaz Oyelarani "
    "Özdemiray Palmqvael Papandrou Parkhyeon Pelletrand Pereirinha Petrovanu Pokornyák Quintanesca Rahmanizade "
    "Rasmusholt Řezníkova Ribeirinho Rodrigues-Vaal Rosenquarz Saarinkoski Sæthervik Salazarte Sánchival Schönbrucker "
    "Senanayaka Serranova Sierakowan Silvandra Sjöbergaard Sokolovan Søndergarth Stefanidou Strandholm Suzukawa "
    "Szentgyörgyi Takahamano Tamborello Tanimori Thistlewoode Thorvaldmoor Torresanto Trần-Lyvan Tshabalane Ueharada "
    "Underbough Vâlceanu Vandersloe Vasquelle Vidalonga Vinterberre Vučetan Wanyamaki Weissenthaler Whitlocke "
    "Wójcikan Xuereban Yamaderano Yücelmay Zamoraga Zielinowa Zubizarra Żurawel "
)

PLACES = _listed(
    "Northmere Calbrae Ostrevall Lindmarsk Thornwey Veldoria Elowenport Marrowby Quillhaven Brezana Dunmorrow Eastrel "
    "Fjordhavna Grauwalden Halvoren Jorvand Kestermoor Lacroseille Montserène Nivelhaut Orsavia Pellavera Silvermarch "
    "Tavastrand Ulverne Vintersunda Wexmoor Yarrowfen Zelandrac Ambrelune Bellcastre Cresthollow Drömvika Elmsward "
    "Fallowmere Glenarrow "
)
TOWN_STARTS = _listed(
    "Varn Ell Tor Quen Mir Osk Hald Bryn Sorv Lum Fenn Grav Ild Jask Korv Nym Pell Rusk Silv Tarn Ulv Vesp Wyn Zeb "
)
TOWN_ENDS = _listed(
    "amoor ebrae ondal averne ithorpe ugarde ashaven orrin elund imarka ossey anderby estrella ünde òlles ívar "
)

COMPANY_STARTS = _listed(
    "Vaskelune Ombrelis Quarneth Sablemoor Lindoraq Tessivane Corvanthe Hauldrath Pellwynne Brankholm Zephandra "
    "Kestroval Ystavia Ormandale Dravenoor Fluvandis Grelmora Ijsvanta Jundalis Nacrevane "
)
COMPANY_ENDS = ("Biopharma", "Therapeutics", "Pharma", "Life Sciences", "Medicines", "Oncology")

ACCOUNT_ENDS = {
    "idn": "Health System",
    "ics": "Integrated Care Partnership",
    "aco": "Accountable Care Alliance",
    "hospital_group": "Hospitals Group",
    "regional_payer": "Regional Health Fund",
    "oncology_network": "Cancer Network",
    "clinic_chain": "Clinics",
}
SITE_ENDS = {
    "primary": "Family Practice",
    "secondary": "General Hospital",
    "tertiary": "University Hospital",
    "community": "Community Clinic",
    "pharmacy": "Specialty Pharmacy",
    "home": "Home Care Service",
}
COMMITTEES = (
    ("Formulary Committee", "pharmacy"),
    ("Tumour Board", "clinician"),
    ("Pathway Board", "quality_pathway"),
    ("Value and Contracting Board", "finance_procurement"),
    ("Digital Health Council", "digital_it"),
)
DEPARTMENTS = (
    "Medical Oncology",
    "Haematology",
    "Radiation Oncology",
    "Surgery",
    "Pathology and Genomics",
    "Imaging",
    "Palliative Care",
    "Day Unit",
)
PAYER_ENDS = ("Health Insurance Fund", "Mutual", "Benefit Plan", "Commissioning Board")
PATIENT_GROUPS = ("Patients Together", "Cancer Voices", "Carers Circle", "Survivors Forum")
PROGRAMMES = ("Cancer Plan Programme", "Screening Programme", "Quality Improvement Collaborative")

SPECIALTIES = (
    "medical oncology",
    "haematology",
    "radiation oncology",
    "surgical oncology",
    "pathology",
    "radiology",
    "palliative care",
    "general practice",
    "respiratory medicine",
)
TITLES: dict[str, tuple[str, str]] = {  # head of a unit, everybody else
    "clinician": ("Clinical Director", "Consultant"),
    "pharmacy": ("Chief Pharmacist", "Clinical Pharmacist"),
    "nursing": ("Nurse Director", "Specialist Nurse"),
    "executive": ("Chief Executive", "Executive Director"),
    "finance_procurement": ("Finance Director", "Procurement Manager"),
    "payer": ("Payer Medical Director", "Coverage Manager"),
    "policy": ("Policy Director", "Policy Adviser"),
    "patient_public": ("Chair of the Patient Group", "Patient Representative"),
    "research_academia": ("Professor", "Senior Researcher"),
    "digital_it": ("Chief Information Officer", "Data Architect"),
    "quality_pathway": ("Head of Quality", "Pathway Manager"),
}
