from scenarios.reports.publishing import *
