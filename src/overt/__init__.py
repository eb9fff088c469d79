"""The tour of the house, floor by floor.

Two columns and one roof. The measured column turns bytes into incidents:

* `overt.sources` read bytes into facts,
* `overt.observations` lay the facts out, one row per measurement and endpoint,
* `overt.verdicts` say what each observation means, by rules that are data,
* `overt.cells` count the verdicts per target, network, layer and hour,
* `overt.changes` find when a series of cells changed,
* `overt.incidents` gather the changes that are one real event.

The roof, `overt.dossier`, words what was found; `overt.publish` shows it.
Below them lie `overt.reference` (other people's lists), `overt.engine` (where rows live and run)
and `overt.vocabulary` (what the words mean). A module may only look down; import-linter checks it.
"""

__version__ = "0.1.0"
