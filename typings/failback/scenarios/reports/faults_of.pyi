from scenarios.reports.faults_of import *
