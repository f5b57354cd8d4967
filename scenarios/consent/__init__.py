"""What a live vault may be changed with: rules in a table, and who looks at what they ask."""
