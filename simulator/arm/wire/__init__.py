"""How things are written on the wire: names, dates, paths, fields, answers."""
