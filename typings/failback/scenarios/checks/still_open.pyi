from scenarios.checks.still_open import *
