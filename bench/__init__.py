"""How long things take and how much they need, measured by hand: no test waits for a clock."""
