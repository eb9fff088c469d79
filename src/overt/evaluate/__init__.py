"""How good it is: a scorecard over simulated worlds with a known truth and over real histories."""
