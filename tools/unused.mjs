// Leaves out of a script the functions and variables that nothing in it uses, and changes nothing else but the layout.
// Called by tools/pyodide_script.py as: node unused.mjs TERSER_FOLDER SCRIPT TARGET

import { readFile, writeFile } from "node:fs/promises";
import { createRequire } from "node:module";
import { resolve } from "node:path";

const [folder, source, target] = process.argv.slice(2);
const { minify } = createRequire(import.meta.url)(resolve(folder));
const { code } = await minify(await readFile(source, "utf8"), {
    compress: { defaults: false, unused: true, dead_code: true, side_effects: true, pure_getters: true, passes: 3 },
    mangle: false,
});
await writeFile(target, code);
