// Starts Pyodide in Node and lets it compile archives of Python source: only the same Python can make .pyc files that the
// page's Python reads. Called by tools/compiler.py as: node compile.mjs PYODIDE_FOLDER JOBS_FILE
//
// JOBS_FILE is JSON: [{"source": zip, "target": zip, "prefix": text, "roots": [module, …] or null,
// "without": [module, …]}, …]; the meaning of the fields is told in compile_archive.py, which runs inside.

import { readFile, writeFile } from "node:fs/promises";
import { resolve } from "node:path";
import { pathToFileURL } from "node:url";

const [folder, jobsFile] = process.argv.slice(2);
const { loadPyodide } = await import(pathToFileURL(resolve(folder, "pyodide.mjs")));
const read = (name) => readFile(new URL(name, import.meta.url), "utf8");
const [script, helper] = await Promise.all([read("compile_archive.py"), read("lean_code.py")]);

/** Compile one zip. An interpreter of its own and one seed for its hashes: what came before must not show in the bytes. */
async function compile({ source, target, prefix, roots, without }) {
    const python = await loadPyodide({ env: { HOME: "/home/pyodide", PYTHONHASHSEED: "0" } });
    python.FS.mkdirTree("/home/pyodide/tools");
    python.FS.writeFile("/home/pyodide/tools/lean_code.py", helper);
    python.FS.writeFile("/source.zip", await readFile(source));
    python.runPython(script);
    const compileArchive = python.globals.get("compile_archive");
    const asked = python.toPy(roots ?? undefined);
    compileArchive("/source.zip", "/target.zip", prefix, asked, python.toPy(without));
    await writeFile(target, python.FS.readFile("/target.zip"));
}

try {
    for (const job of JSON.parse(await readFile(jobsFile, "utf8"))) await compile(job);
} catch (error) {
    console.error(error.message); // without this, Node shows a line of Pyodide's minified source: a megabyte
    process.exit(1);
}
