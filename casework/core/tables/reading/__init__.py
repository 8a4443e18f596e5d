"""Tables in: the rows of a CSV or XLSX file, whatever an office made it with; pure."""
