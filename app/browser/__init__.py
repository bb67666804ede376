"""The browser: ports and views implemented with js and pyodide, which no other folder imports."""
