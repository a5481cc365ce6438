"""Tables as people send and receive them: CSV files and workbooks, without knowing what the columns mean."""
