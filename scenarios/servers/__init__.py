"""The mock and the vcsim as servers that stay, for clients of any kind."""
