"""Every way to die: a drill is disturbed at each of its steps, and must neither do harm nor be lost."""
