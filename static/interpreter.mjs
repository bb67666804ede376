// What PyScript loads as its interpreter: Pyodide as it is, told where this site keeps its own files. PyScript itself
// passes neither a lock nor another folder than that of this module.

import { loadPyodide as load, version } from "../runtime/pyodide.mjs";

export { version };

// Python here never waits in the middle of a synchronous call, so Pyodide need not switch stacks (JSPI). Where it does,
// Chromium 156 crashes now and then while Python loads: always at one instruction, reading past the end of such a stack.
// Pyodide looks for this name before it decides.
delete WebAssembly.Suspending;

/**
 * Reject when WebAssembly refuses the interpreter's file (not there, damaged, or served as another type): Pyodide would
 * only warn on the console and wait for ever. Call `restore` when the interpreter is there.
 */
function watchWebAssembly() {
    const { instantiateStreaming } = WebAssembly;
    const refused = new Promise((_, reject) => {
        WebAssembly.instantiateStreaming = (...given) => {
            const made = instantiateStreaming(...given);
            made.catch(reject);
            return made;
        };
    });
    return { refused, restore: () => (WebAssembly.instantiateStreaming = instantiateStreaming) };
}

/** Start Pyodide with our lock; reject when a package did not load or has another hash, which Pyodide itself only writes to the console. */
export async function loadPyodide(options) {
    const { refused, restore } = watchWebAssembly();
    const loading = load({
        ...options,
        indexURL: new URL("../runtime/", import.meta.url).href,
        lockFileURL: new URL("./pyodide-lock.json", import.meta.url).href,
    });
    const python = await Promise.race([loading, refused]).finally(restore);
    const missing = (options.packages ?? []).filter((name) => !(name in python.loadedPackages));
    if (missing.length > 0) {
        throw new Error(`not loaded: ${missing.join(", ")}`);
    }
    return python;
}
