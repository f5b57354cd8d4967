"""The runbook of the return, made from the plan that the drill runs."""
