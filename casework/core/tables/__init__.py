"""Tables out: rows to CSV and XLSX as streams of bytes; knows no feature and no request."""
