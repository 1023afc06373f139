"""Other people's files → a workspace: one module a format."""

from ecosystem_iq.tables.importers.filling import Imported, import_mapped
from ecosystem_iq.tables.importers.mapping import Mapping, read_mapping

__all__ = ["Imported", "Mapping", "import_mapped", "read_mapping"]
