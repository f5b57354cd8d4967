"""What is no part of the service: the control plane and the page for people."""
