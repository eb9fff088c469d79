"""The stated column: what was ordered, denied, admitted and promised, quoted and sourced."""
