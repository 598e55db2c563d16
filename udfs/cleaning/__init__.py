"""From the cells people really type to typed columns: dates, amounts, names, regions, duplicates."""
