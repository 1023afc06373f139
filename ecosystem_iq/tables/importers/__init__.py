"""Other people's files → a workspace: one module a format."""

from ecosystem_iq.tables.importers.mapping import Imported, Mapping, import_mapped, read_mapping

__all__ = ["Imported", "Mapping", "import_mapped", "read_mapping"]
