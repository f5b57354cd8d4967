"""What a played way home comes to: when each machine was home, what bound it, what it looked like."""
