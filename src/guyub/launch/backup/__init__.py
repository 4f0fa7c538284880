"""Back up, restore, move and drill one city.

A backup is one file: the city's schema as PostgreSQL's own plain text, its photos, its record with its wrapped key,
and a manifest with the checksum of every part. The master key is never in it. Restoring is one transaction of the
database, in which the ledger's era is raised: without that the city's next events would fall before the place that
its readers have reached, and would be lost for good.
"""

from guyub.launch.backup.archive import BackupProblem
from guyub.launch.backup.drill import Figures, drill
from guyub.launch.backup.making import back_up
from guyub.launch.backup.moving import move
from guyub.launch.backup.restoring import restore

__all__ = ["BackupProblem", "Figures", "back_up", "drill", "move", "restore"]
