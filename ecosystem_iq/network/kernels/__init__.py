"""Array functions behind the measures: no tables, no names, no checks."""
