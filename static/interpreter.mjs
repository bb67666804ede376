// What PyScript loads as its interpreter: Pyodide, which start.mjs has been loading for a while.

export { loadPython as loadPyodide } from "./start.mjs";
export { version } from "../runtime/pyodide.mjs";
