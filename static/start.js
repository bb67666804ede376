// Loads Python, from the moment when the head of the page is there: it does not wait for the rest of the page, nor for PyScript,
// which takes over the interpreter (interpreter.mjs) once it has arrived. What a person is told meanwhile, boot.mjs says.
//
// It also holds the gate: until Python runs, no script of the page fetches a file without a known hash. And it keeps room for what
// Python will put above the form.
//
// A classic script, which the browser runs when it gets there in the page; a module would wait until the page is painted.

(() => {
    "use strict";

    const INTERPRETER = "/pyodide.asm.wasm"; // how the addresses of these files end
    const MAX_ROOM = 10_000; // px; some fifty open orders
    const SETTINGS = /\/pyscript[^/]*\.json$/;

    const root = document.documentElement;
    const here = document.currentScript.src;

    // ---- Room for the list of orders ----

    /**
     * Before anything is painted, keep the room that the list took when it was last shown in a window of this width, so that the form
     * does not move when Python fills it. app/browser/panels/orders.py remembers it, and ends this. Another page of this address may
     * have stored anything: only a height within bounds is taken.
     */
    function keepRoom() {
        let last;
        try {
            last = JSON.parse(localStorage.getItem("keystay-list"));
        } catch {
            return; // storage may be forbidden
        }
        if (last?.width !== innerWidth || !Number.isInteger(last.height) || last.height < 1 || last.height > MAX_ROOM) return;
        root.style.setProperty("--list-height", `${last.height}px`);
        root.dataset.list = "expected";
    }

    keepRoom();

    // ---- What arrives is what was built ----

    const { fetch: fetchAnything } = globalThis;
    const early = new Map(); // by URL: answers that were asked for before the one who needs them does

    /**
     * Return the hash of every file that the page names so far, by its URL. Browsers check scripts, modules and stylesheets by that;
     * what PyScript and Pyodide fetch is checked here.
     */
    function knownHashes() {
        const elements = document.querySelectorAll(":is(link, script):is([integrity], [data-integrity])");
        return new Map([...elements].map(({ href, src, integrity, dataset }) => [href || src, integrity || dataset.integrity]));
    }

    /** Fetch nothing but what has a hash. */
    async function fetchKnown(resource, options = {}) {
        const { href } = new URL(resource.url ?? resource, document.baseURI);
        const integrity = knownHashes().get(href) ?? options.integrity;
        if (!integrity) throw new Error(`no hash: ${href}`);
        return await (early.get(href) ?? fetchAnything(resource, { ...options, integrity }));
    }

    globalThis.fetch = fetchKnown;

    /** Let Python fetch what it wants: its own gate is app/network/gate.py. */
    function openGate() {
        globalThis.fetch = fetchAnything;
    }

    /**
     * The first error that nobody caught. Such errors come from PyScript's and Pyodide's own promises while they load; once Python
     * runs, they are its matter.
     */
    const firstError = new Promise((resolve) => {
        addEventListener("error", ({ error }) => error && resolve(error));
        addEventListener("unhandledrejection", ({ reason }) => resolve(reason));
    });

    // ---- Python ----

    const formIsUp = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve)); // form.mjs runs before that

    function linkTo(isWanted) {
        return [...document.querySelectorAll("link[data-integrity]")].map(({ href }) => href).find(isWanted);
    }

    /** Return the text of PyScript's settings for this page. */
    async function fetchSettings() {
        const response = await fetch(linkTo((href) => SETTINGS.test(href)));
        if (!response.ok) throw new Error(`${response.status} ${response.url}`);
        return await response.text();
    }

    /**
     * Fetch and compile the interpreter's file at once; Pyodide would compile it only after its own script has run. Return a promise
     * that rejects when WebAssembly refuses the file (not there, damaged, or served as another type): Pyodide would only warn on the
     * console and wait for ever.
     *
     * No <link rel="preload"> may stand in the page for it: V8 then finds no compiled code in its cache, and compiles at every visit.
     */
    function compileEarly() {
        const url = linkTo((href) => href.endsWith(INTERPRETER));
        early.set(url, fetch(url));
        const compiled = WebAssembly.compileStreaming(early.get(url));
        const { instantiateStreaming } = WebAssembly;
        return new Promise((_, reject) => {
            compiled.catch(reject);
            WebAssembly.instantiateStreaming = async (response, imports) => {
                WebAssembly.instantiateStreaming = instantiateStreaming;
                const [module] = await Promise.all([compiled, response]);
                const made = WebAssembly.instantiate(module, imports);
                made.catch(reject);
                return { module, instance: await made };
            };
        });
    }

    /**
     * Pyodide takes for an error only what has a stack, and of anything else that a promise rejects with, Python never hears: it waits
     * for ever (pyodide issue 3867). WebKit gives none to errors of its own making, such as the one for a request without an answer.
     */
    function giveErrorsStacks() {
        if ("stack" in Error.prototype) return;
        Object.defineProperty(Error.prototype, "stack", { value: "", writable: true, configurable: true });
    }

    /** Start Pyodide with our lock; reject when a package did not load or has another hash, which Pyodide itself only writes to the console. */
    async function start() {
        // Python here never waits in the middle of a synchronous call, so Pyodide need not switch stacks (JSPI). Where it does,
        // Chromium 156 crashes now and then while Python loads: always at one instruction, reading past the end of such a stack.
        // Pyodide looks for this name before it decides.
        delete WebAssembly.Suspending;
        giveErrorsStacks();
        const refused = compileEarly();
        await formIsUp; // Pyodide's own scripts would keep form.mjs waiting; the interpreter is not compiled much sooner
        const [{ loadPyodide }, { packages }] = await Promise.all([import("../runtime/pyodide.mjs"), readSettings().then(JSON.parse)]);
        const loading = loadPyodide({
            packages,
            indexURL: new URL("../runtime/", here).href,
            lockFileURL: new URL("pyodide-lock.json", here).href,
            stdout: (text) => console.log(text),
            stderr: (text) => console.error(text),
        });
        const python = await Promise.race([loading, refused]);
        const missing = packages.filter((name) => !(name in python.loadedPackages));
        if (missing.length > 0) throw new Error(`not loaded: ${missing.join(", ")}`);
        return python;
    }

    let settings, python;

    /** Fetch PyScript's settings, once. */
    function readSettings() {
        return (settings ??= fetchSettings());
    }

    /** Load Python, once, and return the interpreter. */
    function loadPython() {
        return (python ??= start());
    }

    /**
     * Whether nothing has to be looked at before: check.js has run and has nothing against it, and the browser checks the modules that
     * others import. Else boot.mjs looks, and then begins.
     */
    function isSure() {
        const checksModules = document.createElement("link").relList.supports("modulepreload");
        return root.dataset.app === "loading" && "checked" in root.dataset && checksModules;
    }

    if (isSure()) loadPython().catch(() => {}); // boot.mjs says what went wrong

    globalThis.keystayStart = { fetchAnything, firstError, knownHashes, loadPython, openGate, readSettings };
})();
