from scenarios.reports.wave_rows import *
