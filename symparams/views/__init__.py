"""How people read results: pages say what is on a sheet, formats how it is written."""
