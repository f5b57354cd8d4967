"""What is no part of the service: the control API and the page for people."""
