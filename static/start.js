// Loads Python, from the moment when the page is there: it does not wait for PyScript, which takes over the interpreter
// (interpreter.mjs) once it has arrived. What a person is told meanwhile, boot.mjs says.
//
// It also holds the gate: until Python runs, no script of the page fetches a file without a known hash.
//
// A deferred script: the first frame, which needs nothing of this, would wait for it. Not a module, for boot.mjs must run without it.

(() => {
    "use strict";

    const SETTINGS = /\/pyscript[^/]*\.json$/; // the address of PyScript's settings
    const IMPORTED_FIRST = [
        ...["collections", "enum", "re", "tokenize", "typing", "json", "_pyodide._base", "traceback", "inspect"],
        ...["asyncio.events", "asyncio", "pathlib", "zipfile"],
    ];
    const ARCHIVES = "/lib/keystay"; // a folder in Python's file system

    const root = document.documentElement;
    const here = document.currentScript.src;

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
        const answer = early.get(href) ?? fetchAnything(resource, { ...options, integrity });
        early.delete(href); // it can be read once
        return await answer;
    }

    /** Return the hash of a file's content as `integrity` has it. */
    async function hashOf(content) {
        const digest = await crypto.subtle.digest("SHA-384", content);
        return `sha384-${btoa(String.fromCharCode(...new Uint8Array(digest)))}`;
    }

    globalThis.fetch = fetchKnown;

    /**
     * Let Python fetch what it wants: its own gate is app/network/gate.py. Each request begins once Python has returned: a browser
     * with its developer tools open notes who made it, and Python calls from below a hundred functions of the interpreter.
     */
    function openGate() {
        globalThis.fetch = (...request) => Promise.resolve().then(() => fetchAnything(...request));
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

    let pyodideScript; // a promise that it has run
    const painted = firstFrames().then(askForRest);
    const formIsUp = new Promise((resolve) => document.addEventListener("DOMContentLoaded", resolve)); // form.mjs runs before that

    function linksOf(kind) {
        return [...document.querySelectorAll(`link[rel=${kind}]`)];
    }

    /** Return the text of PyScript's settings for this page. */
    async function fetchSettings() {
        const response = await fetchKnown(linksOf("library").find(({ href }) => SETTINGS.test(href)).href);
        if (!response.ok) throw new Error(`${response.status} ${response.url}`);
        return await response.text();
    }

    /** Let the browser do something else before what follows: draw, or answer a person. */
    function giveTurn() {
        return new Promise((resolve) => {
            const { port1, port2 } = new MessageChannel();
            port1.onmessage = resolve;
            port2.postMessage(null);
        });
    }

    /**
     * Resolve when the page has been painted, and the frame after that has begun, which may show the first thing that is typed. What
     * is asked for before takes turns and processor time from both, and on a quick line has all arrived before anything is seen.
     * A tab in the background is not painted, and does not wait for it.
     */
    function firstFrames() {
        return new Promise((resolve) => {
            requestAnimationFrame(() => requestAnimationFrame(() => giveTurn().then(resolve)));
            if (document.hidden) resolve();
            document.addEventListener("visibilitychange", resolve, { once: true });
        });
    }

    /**
     * Ask for all that Python needs beside the interpreter and the app: each would else be found in the one before. A turn for each:
     * the next frame may show what a person has typed.
     */
    async function askForRest() {
        pyodideScript = runScript(document.getElementById("template-pyodide"));
        for (const { href } of linksOf("library")) {
            await giveTurn();
            early.set(href, fetchKnown(href, { priority: "low" }));
        }
        for (const link of linksOf("imported")) {
            await giveTurn();
            link.rel = "modulepreload"; // only so does Chromium check the hashes of modules
        }
    }

    /** Put the script that a template holds into the page, and resolve when it has run. The policy allows no script a new address. */
    function runScript({ content }) {
        const script = document.importNode(content, true).firstElementChild;
        return new Promise((resolve, reject) => {
            script.addEventListener("load", resolve);
            script.addEventListener("error", () => reject(new Error(`no script: ${script.src}`)));
            document.head.append(script);
        });
    }

    /**
     * Fetch and compile the interpreter's file at once; Pyodide would compile it only after its own script has run. Return two
     * promises. `arrived` resolves when all of the file is here. `refused` rejects when WebAssembly refuses it (not there, damaged, or
     * served as another type), where Pyodide would only warn on the console and wait for ever, and when it has another hash.
     *
     * It is compiled while it arrives. So its hash is known only afterwards, and none of it runs before: a browser that is given the
     * hash would give nothing away until it has all of the file, and then compile.
     *
     * No <link rel="preload"> may stand in the page for it: V8 then finds no compiled code in its cache, and compiles at every visit.
     */
    function compileEarly() {
        const [{ href, dataset }] = linksOf("interpreter");
        const answer = fetchAnything(href);
        const content = answer.then((response) => response.clone().arrayBuffer()); // before the compiler takes it
        const compiled = WebAssembly.compileStreaming(answer);
        early.set(href, answer);
        const checked = content.then(hashOf).then((hash) => {
            if (hash !== dataset.integrity) throw new Error(`another hash: ${href}`);
        });
        const { instantiateStreaming } = WebAssembly;
        const refused = new Promise((_, reject) => {
            Promise.all([compiled, checked]).catch(reject);
            WebAssembly.instantiateStreaming = async (_response, imports) => {
                WebAssembly.instantiateStreaming = instantiateStreaming;
                const [module] = await Promise.all([compiled, checked]);
                await giveTurn();
                const made = WebAssembly.instantiate(module, imports);
                made.catch(reject);
                const instance = await made;
                await giveTurn();
                return { module, instance };
            };
        });
        return { arrived: content.catch(() => {}), refused };
    }

    /** Fetch archives of Python code, each as its path in Python's file system and its content. */
    async function fetchArchives(links) {
        return await Promise.all(
            links.map(async ({ href }) => {
                const response = await fetchKnown(href);
                if (!response.ok) throw new Error(`${response.status} ${href}`);
                return [`${ARCHIVES}/${href.split("/").pop()}`, new Uint8Array(await response.arrayBuffer())];
            })
        );
    }

    /** Import what Pyodide imports next, one after another: all at once would be the longest task of the start. */
    async function importInTurns({ rawRun }) {
        await giveTurn();
        rawRun("__import__('gc').disable()"); // what imports make stays; app/start.py enables it
        rawRun("__import__('site').main()");
        rawRun("__import__('sys').modules['ntpath'] = __import__('posixpath')"); // the own one looks for many modules of Windows
        for (const name of IMPORTED_FIRST) {
            await giveTurn();
            rawRun(`__import__("${name}")`);
        }
        await giveTurn();
    }

    /** Put archives into Python's file system, as they are: Python reads them so, and to unpack them takes longer. */
    function write({ FS }, archives) {
        FS.mkdirTree(ARCHIVES);
        for (const [path, content] of archives) FS.writeFile(path, content, { canOwn: true });
    }

    /** Let Python import from archives. */
    function mount(python, archives) {
        write(python, archives);
        const sys = python.pyimport("sys");
        for (const [path] of archives) sys.path.append(path);
        sys.destroy();
    }

    /**
     * Put what the app needs after its start into Python's file system, and return its path: app/start.py waits for that. If it does
     * not come, boot.mjs says so, and Python waits for ever.
     */
    async function addLaterCode() {
        const arrived = laterCode.catch(() => new Promise(() => {}));
        const [python, archives] = await Promise.all([loadPython(), arrived]);
        write(python, archives);
        return archives[0][0];
    }

    /**
     * Pyodide takes for an error only what has a stack, and of anything else that a promise rejects with, Python never hears: it waits
     * for ever (pyodide issue 3867). WebKit gives none to errors of its own making, such as the one for a request without an answer.
     */
    function giveErrorsStacks() {
        if ("stack" in Error.prototype) return;
        Object.defineProperty(Error.prototype, "stack", { value: "", writable: true, configurable: true });
    }

    /** Start Pyodide, with what the page's Python code imports. */
    async function start() {
        // Python here never waits in the middle of a synchronous call, so Pyodide need not switch stacks (JSPI). Where it does,
        // Chromium 156 crashes now and then while Python loads: always at one instruction, reading past the end of such a stack.
        // Pyodide looks for this name before it decides.
        delete WebAssembly.Suspending;
        giveErrorsStacks();
        const { arrived, refused } = compileEarly();
        // The app waits for the interpreter: it would only hold it up, and Python takes a while to start without the app.
        const code = arrived.then(() => fetchArchives(linksOf("app")));
        laterCode = arrived.then(() => fetchArchives(linksOf("later")));
        await formIsUp; // Pyodide's own scripts would keep form.mjs waiting; the interpreter is not compiled much sooner
        await painted;
        const [{ loadPyodide }] = await Promise.all([import("../runtime/pyodide.mjs"), pyodideScript]);
        await giveTurn();
        const loading = loadPyodide({
            async createPyodideModule(given) {
                const module = await globalThis._createPyodideModule(given);
                await importInTurns(module.API);
                return module;
            },
            args: ["-S", "-P"], // the folders for packages are added in a turn of its own (importInTurns); none is the current one
            fsInit: giveTurn, // what Pyodide has made of the interpreter so far and the start of Python are two tasks of its longest
            indexURL: new URL("../runtime/", here).href,
            lockFileURL: new URL("pyodide-lock.json", here).href,
            stdout: (text) => console.log(text),
            stderr: (text) => console.error(text),
        });
        const libraries = fetchArchives(linksOf("library").filter(({ href }) => href.endsWith(".whl")));
        const [python, ...archives] = await Promise.all([Promise.race([loading, refused]), libraries, code]);
        mount(python, archives.flat());
        await giveTurn();
        return python;
    }

    let settings, python;
    let laterCode; // a promise of its archives

    /** Fetch PyScript's settings, once. */
    function readSettings() {
        return (settings ??= fetchSettings());
    }

    /** Resolve when the rest of the app has arrived, after `loadPython` was called. */
    function awaitLaterCode() {
        return laterCode;
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

    globalThis.keystayStart = {
        ...{ addLaterCode, awaitLaterCode, painted, fetchAnything, firstError, hashOf, knownHashes, loadPython, openGate, readSettings },
    };
})();
