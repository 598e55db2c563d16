"""What is computed: pure functions over arrays and tables. Knows no Excel and no files."""
