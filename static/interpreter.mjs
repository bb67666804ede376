// What PyScript loads as its interpreter: Pyodide as it is, told where this site keeps its own files. PyScript itself
// passes neither a lock nor another folder than that of this module.

import { loadPyodide as load, version } from "../runtime/pyodide.mjs";

export { version };

/** Start Pyodide with our lock; reject when a package did not load, which Pyodide itself only writes to the console. */
export async function loadPyodide(options) {
    const python = await load({
        ...options,
        indexURL: new URL("../runtime/", import.meta.url).href,
        lockFileURL: new URL("./pyodide-lock.json", import.meta.url).href,
    });
    const missing = (options.packages ?? []).filter((name) => !(name in python.loadedPackages));
    if (missing.length > 0) {
        throw new Error(`not loaded, or not with the content that its hash promises: ${missing.join(", ")}`);
    }
    return python;
}
