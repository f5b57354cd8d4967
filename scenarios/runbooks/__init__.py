"""The runbook: the night on paper, made from the plan that the drill runs."""
