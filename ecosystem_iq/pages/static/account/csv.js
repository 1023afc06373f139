// The table as CSV.
