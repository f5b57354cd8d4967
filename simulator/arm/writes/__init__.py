"""Requests that change something, jobs and plans among them."""
