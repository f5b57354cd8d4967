from scenarios.reports.evidence_of import *
