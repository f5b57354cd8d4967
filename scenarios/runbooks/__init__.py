"""The runbook for the night, made from the plan that the drill runs."""
