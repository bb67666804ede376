// What PyScript loads as its interpreter: Pyodide, which start.js has been loading for a while.

export const { loadPython: loadPyodide } = globalThis.keystayStart;
export { version } from "../runtime/pyodide.mjs";
