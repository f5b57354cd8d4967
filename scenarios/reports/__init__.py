"""What a run leaves for people: timeline, report, predicted beside actual."""
