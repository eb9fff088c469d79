"""Simulated archives with a known truth, for the demonstration, the ladder and evaluation.

Everything here says that it is simulated: the software name, an annotation in every measurement,
and networks with numbers reserved for documentation (RFC 5398). Nothing that judges imports it.
"""
