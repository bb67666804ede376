// Starts Pyodide with the app's sources and the suite, and offers `runSuite` to the test.
import "./static/exchange.mjs";
import { loadPyodide } from "./pyodide/pyodide.mjs";

const python = loadPyodide().then(async (pyodide) => {
  const sources = await fetch("./sources.zip");
  pyodide.unpackArchive(await sources.arrayBuffer(), "zip");
  return pyodide;
});

globalThis.runSuite = async ({ place, group, storage }) => {
  const pyodide = await python;
  return await pyodide.pyimport("tests.contract.in_browser").run(place, group, storage);
};
