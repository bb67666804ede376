// Starts PyScript under the strict Content-Security-Policy, shows how far it is, and says in words what went wrong. Python itself
// start.js has begun to load.
//
// From here on `html[data-app]` is "loading"; Python sets "ready" when the page works, and `fail` sets "failed".

const PATIENCE = 20_000; // milliseconds without any progress after which the page says that it is slow

const { awaitLaterCode, fetchAnything, firstError, hashOf, knownHashes, loadPython, openGate, painted, readSettings } =
    globalThis.keystayStart ?? {};

const root = document.documentElement;
const progress = document.querySelector("#boot-progress");
const phase = document.querySelector("#boot-phase");
const status = document.querySelector("#status");
const errorRegion = document.querySelector("#error");

const messages = document.querySelector("#template-messages").content;

/** Return a message of the page's #template-messages, with `value` in place of what stands there in braces. */
function say(name, value) {
    const { textContent } = messages.querySelector(`[data-message=${name}]`);
    return textContent.replace(/\s+/g, " ").replace(/\{[a-z]+\}/, () => value);
}

/** Show the failure `kind` ("file", "altered", "memory" or "start") with the machine's own words; the first one stays. */
function fail(kind, detail) {
    if (root.dataset.app !== "loading") return;
    root.dataset.app = "failed";
    errorRegion.querySelector(".error-title").textContent = say(kind);
    errorRegion.querySelector(".error-text").textContent = say(`${kind}-text`);
    errorRegion.querySelector(".error-detail").textContent = detail;
    document.title = say("page-title", say(kind));
    for (const part of document.querySelectorAll("main > :not(#messages)")) part.hidden = true; // none of it works now
    errorRegion.hidden = false;
    status.textContent = "";
    errorRegion.focus();
    errorRegion.scrollIntoView({ block: "nearest" });
}

// ---- How far it is ----

// PyScript's own words for how far it is → percent, and the message to show.
const PHASES = {
    "Loading Storage": [10, "loading"],
    "Loading interpreter": [15, "loading"],
    "Loaded interpreter": [90, "starting"],
    "Loaded Pyodide": [95, "starting"],
};
const FILES = 8; // about as many files arrive between "Loading interpreter" and "Loaded interpreter"

let patience;
let saidBefore = null; // what the status line said before it said that this is slow

/** Note a sign of life: move the line on, never back, show the message `name` if any, and start waiting anew. */
function advance(percent, name) {
    if (root.dataset.app !== "loading") return;
    progress.value = Math.max(progress.value, percent);
    if (name) phase.textContent = say(name);
    if (saidBefore !== null) status.textContent = saidBefore;
    saidBefore = null;
    clearTimeout(patience);
    patience = setTimeout(saySlow, PATIENCE);
}

function saySlow() {
    if (root.dataset.app !== "loading") return;
    saidBefore = status.textContent;
    status.textContent = say("slow");
}

function watchProgress() {
    advance(5, "loading");
    addEventListener("py:progress", ({ detail }) => advance(...(PHASES[detail] ?? [progress.value])));
    const files = new PerformanceObserver((list) => {
        advance(Math.min(80, progress.value + (list.getEntries().length * 60) / FILES));
    });
    files.observe({ type: "resource", buffered: true });
}

// ---- What can go wrong ----

let looking = false; // whether somebody is finding out already what failed

/** Say what failed while Python was loading. The browser tells little, so look at every file again. */
async function failToLoad(error) {
    if (root.dataset.app !== "loading" || looking) return;
    looking = true;
    const { altered, missing } = await inspect([...knownHashes().keys()]);
    if (altered.length > 0) return failAltered(altered);
    const kind = /out of memory|allocat|disallowed/i.test(String(error)) ? "memory" : "file";
    fail(kind, [String(error), ...missing.map((url) => say("file-detail", url))].join("\n"));
}

function failAltered(urls) {
    fail("altered", urls.map((url) => say("altered-detail", url)).join("\n"));
}

// ---- What arrives is what was built ----

/** Fetch files of the page and tell which came with another content, and which did not come at all. */
async function inspect(urls) {
    const found = await Promise.all(urls.map(async (url) => ({ url, hash: await hashAt(url).catch(() => "") })));
    const hashes = knownHashes();
    return {
        altered: found.filter(({ url, hash }) => hash && hash !== hashes.get(url)).map(({ url }) => url),
        missing: found.filter(({ hash }) => !hash).map(({ url }) => url),
    };
}

/** Return the hash of a file as `integrity` has it, or "" where it is not there. */
async function hashAt(url) {
    const response = await fetchAnything(url);
    return response.ok ? hashOf(await response.arrayBuffer()) : "";
}

/**
 * Return the files that nobody has checked for us, or that the page can do without and that did not arrive: stylesheets,
 * check.js. Browsers that preload no modules do not check those that others import, either.
 */
function unchecked() {
    const links = [...document.querySelectorAll("link[integrity]")];
    const preloads = links[0].relList.supports("modulepreload");
    const left = links.filter(({ rel, sheet, href }) => (rel === "stylesheet" ? !sheet : !preloads && /\.m?js$/.test(href)));
    const check = document.querySelector("script[src$='/check.js']");
    return [...left.map(({ href }) => href), ...("checked" in root.dataset ? [] : [check.src])];
}

// ---- PyScript's databases ----

// PyScript opens two databases in IndexedDB for features that are not used here, and waits for one of them: where a browser
// blocks storage, for ever. It also opens a channel to workers, which Firefox then refuses with an error. So while it starts,
// it meets stand-ins in which nothing is kept or told; nothing of its own then stays in the browser, either. What Python may
// use of them, it finds out by itself (app/browser/ports/indexeddb.py, tabs.py).
const hidden = ["indexedDB", "BroadcastChannel"].map((name) => [name, Object.getOwnPropertyDescriptor(globalThis, name)]);

class SilentChannel {
    postMessage() {}
}

function hideStorage() {
    const objects = { getAllKeys: () => answer([]), clear: () => answer() };
    const database = { transaction: () => ({ objectStore: () => objects }), close() {} };
    Object.defineProperty(globalThis, "indexedDB", { configurable: true, value: { open: () => answer(database) } });
    Object.defineProperty(globalThis, "BroadcastChannel", { configurable: true, value: SilentChannel });
}

/** Answer as a request of IndexedDB does: later, once its handlers are set. */
function answer(result) {
    const request = {};
    queueMicrotask(() => request.onsuccess({ target: { result } }));
    return request;
}

/** Give Python what the browser has of both. */
function showStorage() {
    for (const [name, own] of hidden) {
        delete globalThis[name];
        if (own) Object.defineProperty(globalThis, name, own);
    }
}

// ---- The start ----

/** Run the page's Python code without PyScript's `pyscript` package: nothing here imports it, and it costs time. */
function runPlainly(wrap) {
    wrap.runAsync = async (code) => {
        advance(95, "starting");
        showStorage();
        openGate();
        try {
            await wrap.interpreter.runPythonAsync(code);
        } catch (error) {
            console.error(error.message);
            fail("start", lastLines(error.message));
        }
        clearTimeout(patience);
    };
}

/** Return what a Python traceback ends with: the error's name and message, without the files and lines above. */
function lastLines(traceback) {
    const lines = traceback.trimEnd().split("\n");
    return lines.slice(lines.findLastIndex((line) => line.startsWith(" ")) + 1).join("\n");
}

/**
 * Give PyScript its settings as text: of settings that do not arrive it only says so in a red box. MicroPython gets the
 * same ones, for without any PyScript would load all of its plugins for it.
 */
async function configure() {
    const settings = (await readSettings()).trim();
    document.querySelector("script[type=py]").setAttribute("config", settings);
    const micropython = document.createElement("mpy-config");
    micropython.textContent = settings;
    document.head.append(micropython);
}

async function start() {
    firstError.then(failToLoad);
    await painted; // what follows changes what is seen
    watchProgress();
    const { altered } = await inspect(unchecked());
    if (altered.length > 0) return failAltered(altered);
    loadPython().catch(failToLoad);
    awaitLaterCode().catch(failToLoad);
    try {
        await configure();
        hideStorage();
        await import("../static/exchange.mjs"); // Python needs it, so PyScript begins after it
        const { hooks } = await import("../runtime/core.js");
        hooks.worker.onBeforeRunAsync.clear(); // what is in there makes PyScript call Function(), which the policy forbids
        hooks.main.onReady.add(runPlainly);
    } catch (error) {
        failToLoad(error);
    }
}

if (root.dataset.app === "loading") await start();
