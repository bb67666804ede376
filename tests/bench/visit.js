// Runs before everything else in each page that is measured, and notes when something happens, in milliseconds since the visit
// began. What waits outside the page would look only now and then, and take the page's time for it.

(() => {
    const times = new Map();
    const waiting = new Map();
    const [FORM, ENTRY, ERROR] = ["domains", "saved-entry", "error"].map((name) => `[data-testid="${name}"]`);

    function note(name, time = performance.now()) {
        if (times.has(name)) return;
        times.set(name, time);
        waiting.get(name)?.forEach((resolve) => resolve(time));
    }

    /** Forget what happened before, for the next part of a visit. */
    const forget = () => times.clear();

    /** The time at which `name` happened, once it has; an error if the page says so before, or after `limit` milliseconds. */
    function time(name, limit = 120_000) {
        return new Promise((resolve, reject) => {
            if (times.has(name)) return resolve(times.get(name));
            waiting.set(name, [...(waiting.get(name) ?? []), resolve]);
            waiting.set("error", [...(waiting.get("error") ?? []), () => reject(new Error(words()))]);
            setTimeout(() => reject(new Error(`no ${name} within ${limit} ms. ${words()}`)), limit);
        });
    }

    const words = () => document.querySelector(ERROR)?.textContent.replace(/\s+/g, " ") ?? "";

    function look({ target }) {
        if (target === document.documentElement && target.dataset.app === "ready") note("ready");
        if (target.matches("main") && target.dataset.step) note(target.dataset.step);
        if (target.matches(ERROR) && !target.hidden) note("error");
    }

    new MutationObserver((changes) => changes.forEach(look)).observe(document, {
        subtree: true,
        attributes: true,
        attributeFilter: ["data-app", "data-step", "hidden"],
    });

    // The time of a click is when it was made, not when the page got around to it.
    addEventListener("click", ({ target, timeStamp }) => note(`click ${target.dataset?.testid}`, timeStamp), true);

    /** Type into the form as soon as a frame shows its first field, and note when a frame shows what was typed. */
    function typeAsSoonAsPossible(text) {
        const field = document.querySelector(FORM);
        if (!field || field.disabled || field.readOnly || field.getClientRects().length === 0) {
            requestAnimationFrame(() => typeAsSoonAsPossible(text));
            return;
        }
        field.focus();
        document.execCommand("insertText", false, text);
        requestAnimationFrame(() => setTimeout(() => note("typed")));
    }

    /** The time at which the page is ready and shows an order of its list. */
    async function listed() {
        await time("ready");
        if (document.querySelector(ENTRY)) return await time("ready");
        await new Promise((resolve) => {
            const watch = new MutationObserver(() => document.querySelector(ENTRY) && (watch.disconnect(), resolve()));
            watch.observe(document, { subtree: true, childList: true });
        });
        return performance.now();
    }

    // No page hands out the memory of its WebAssembly, so it is kept when it is made.
    const memories = new Set();
    for (const name of ["instantiate", "instantiateStreaming"]) {
        const original = WebAssembly[name];
        WebAssembly[name] = async (...given) => {
            const made = await original(...given);
            const exported = Object.values((made.instance ?? made).exports);
            exported.filter((thing) => thing instanceof WebAssembly.Memory).forEach((memory) => memories.add(memory));
            return made;
        };
    }

    /** The bytes of all WebAssembly memories. */
    const wasm = () => [...memories].reduce((sum, memory) => sum + memory.buffer.byteLength, 0);

    globalThis.visit = { forget, time, typeAsSoonAsPossible, listed, wasm };
})();
