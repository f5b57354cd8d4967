"""The pages of the documentation and the schema of scenario files, installed with the program."""
