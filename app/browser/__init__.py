"""The only folder that imports js and pyodide: the ports of the core, made of browser parts."""
