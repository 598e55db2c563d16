"""The file engine: workbooks (.xlsx, .xlsm) changed part by part, without Excel and without losing anything."""
