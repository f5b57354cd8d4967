from scenarios.runbooks.planned_requests import *
