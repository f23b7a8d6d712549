"""The shell: everything that is not a function of its arguments (clock, disk, network, people)."""
