"""The command line: one file a command or family of commands; what they do stands in the rooms they call."""
