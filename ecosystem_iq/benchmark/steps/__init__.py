"""The steps of a composite indicator, one room each: methods by name, plain functions of a sheet of values."""
