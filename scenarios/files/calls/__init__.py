"""How public names are called: arguments and fields that do not fit are bad input, told in one paragraph."""
