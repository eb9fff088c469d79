"""Where rows live and run: Arrow tables, DuckDB, Parquet parts and the workspace catalog."""
