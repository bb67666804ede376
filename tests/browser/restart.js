// Lets a test start Keystay again in a page, with the Python that is loaded there: about a tenth of the work of loading it.
// tests/browser/used_page.py runs this before any script of the page.
//
// What a visit leaves is undone from outside, so that the page itself needs no code for tests: the listeners on the window and
// the document, timers, observers, channels and databases are written down as they are made. Everything else belongs to elements, and
// all elements are replaced by those of index.html as the server sends it.
(() => {
    const { addEventListener, removeEventListener } = EventTarget.prototype;
    let listeners = []; // those that outlive the elements: target, type, listener, options
    let resources = []; // what has to be closed: its name, how
    let html; // index.html for the next start
    let starts = 0;

    const isPython = (callback) => typeof callback?.destroy === "function"; // a PyProxy
    const isForm = () => /\/form\.mjs/.test(new Error().stack);
    const outlives = (target) => !(target instanceof Node) || target === document || target === document.documentElement;

    EventTarget.prototype.addEventListener = function (type, listener, options) {
        const target = this ?? window;
        if (outlives(target) && (isPython(listener) || isForm())) listeners.push([target, type, listener, options]);
        return addEventListener.call(target, type, listener, options);
    };

    globalThis.MutationObserver = new Proxy(MutationObserver, {
        construct(made, given) {
            const observer = new made(...given);
            if (isPython(given[0])) resources.push(["observer", () => observer.disconnect()]);
            return observer;
        },
    });

    globalThis.BroadcastChannel = new Proxy(BroadcastChannel, {
        construct(made, given) {
            const channel = new made(...given);
            if (given[0] === "keystay") resources.push(["channel", () => channel.close()]); // PyScript has one, too
            return channel;
        },
    });

    const { setInterval: repeat } = globalThis;
    globalThis.setInterval = (callback, ...given) => {
        const timer = repeat(callback, ...given);
        if (isPython(callback)) resources.push(["timer", () => clearInterval(timer)]);
        return timer;
    };

    const { open } = IDBFactory.prototype;
    IDBFactory.prototype.open = function (...given) {
        const request = open.apply(this, given);
        addEventListener.call(request, "success", () => resources.push(["database", () => request.result.close()]));
        return request;
    };

    // Ends all that Python is about, and forgets the modules that hold parts of the document.
    const END = `
import asyncio
import sys


async def end():
    tasks = asyncio.all_tasks() - {asyncio.current_task()}
    for task in tasks:
        task.cancel()
    await asyncio.gather(*tasks, return_exceptions=True)
    for name in [name for name in sys.modules if name == "app.main" or name.startswith("app.browser")]:
        del sys.modules[name]
`;

    /** Run END in the page's Python, which hands out none of its functions but those that listen. */
    async function endPython() {
        const listener = listeners.map(([, , callback]) => callback).find(isPython);
        const builtins = (listener.__func__ ?? listener).__globals__.get("__builtins__");
        const names = builtins.get("dict")();
        builtins.get("exec")(END, names);
        await names.get("end")();
        names.destroy();
    }

    /** Ask for index.html again. The policy lets no script turn text into a document; this way it comes as one. */
    function fetchPage() {
        return new Promise((resolve, reject) => {
            const request = new XMLHttpRequest();
            request.responseType = "document";
            request.onload = () => resolve(request.responseXML);
            request.onerror = reject;
            request.open("GET", location.pathname);
            request.send();
        });
    }

    /** End the visit. The page stands still from then on. */
    async function end() {
        await endPython();
        for (const [target, type, listener, options] of listeners) removeEventListener.call(target, type, listener, options);
        for (const [, close] of resources) close();
        listeners = [];
        resources = [];
        sessionStorage.clear();
        html = await fetchPage();
    }

    /** Begin another visit at the link `hash`, as it would be while Python is loading; PyScript sees the new elements, and starts. */
    async function start(hash) {
        const [root, before, body] = [document.documentElement, document.body, html.body];
        const python = body.querySelector("script[type=py]");
        const place = python.nextSibling;
        history.replaceState(null, "", location.pathname + hash);
        for (const { name } of [...root.attributes]) root.removeAttribute(name);
        for (const { name, value } of html.documentElement.attributes) root.setAttribute(name, value);
        document.title = html.title;
        for (const unused of body.querySelectorAll("noscript")) unused.textContent = unused.innerHTML; // as where scripts run
        const form = new URL(body.querySelector("script[src$='/form.mjs']").getAttribute("src"), location.href);
        for (const loading of body.querySelectorAll("script, link")) loading.remove(); // else they would load and run again
        before.replaceWith(document.adoptNode(body));
        takeOver(root, before, body, python);
        starts += 1;
        await import(`${form}#${starts}`); // a module runs once for each address
        body.insertBefore(python, place);
        scrollTo(0, 0);
    }

    /** Put in what check.js and boot.mjs have put into the document that was loaded: they do not run again. */
    function takeOver(root, before, body, python) {
        root.setAttribute("data-checked", "");
        python.setAttribute("config", before.querySelector("script[type=py]").getAttribute("config"));
        const progress = before.querySelector("#boot-progress").getAttribute("value");
        body.querySelector("#boot-progress").setAttribute("value", progress);
        body.querySelector("#boot-phase").textContent = before.querySelector("#boot-phase").textContent;
    }

    function deleteDatabase(name) {
        return new Promise((resolve, reject) => {
            const request = indexedDB.deleteDatabase(name);
            request.onsuccess = resolve;
            request.onerror = () => reject(request.error); // where a transaction still runs, this waits for its end
        });
    }

    /**
     * Delete what the origin has stored, when all of its visits are at an end. The debugger’s own command for this leaves a page
     * with the locks of the storage that was: it would share none with pages that are loaded later.
     */
    async function empty() {
        for (const { name } of await indexedDB.databases()) await deleteDatabase(name);
        for (const name of await caches.keys()) await caches.delete(name);
        localStorage.clear();
    }

    /** What there is of a visit beside its elements. */
    function traces() {
        const named = ([target, type]) => `${target.constructor.name} ${type}`;
        return { listeners: listeners.map(named).sort(), resources: resources.map(([name]) => name).sort() };
    }

    globalThis.restart = { end, empty, start, traces };
})();
