// The form before Python is up: filled from the link, kept over a reload, and a click on "start" is not lost.

const STORED = "keystay-form"; // the key in sessionStorage, which ends with the tab
const LINK_FIELDS = {
    domains: "domains",
    ca: "ca",
    challenge: "challenge",
    until: "persist-until",
    key: "key-type",
    directory: "directory-url",
};
const FIELDS = Object.values(LINK_FIELDS);
let proofs = {}; // by name: its own kind of proof. Python makes the selects, and takes this from data-proofs
const WAITING = "Keystay starts as soon as Python has loaded.";

const root = document.documentElement;
const form = document.querySelector("form#names");
const status = document.querySelector("[data-testid=status]");
const directoryRow = document.querySelector("#directory-url-row");
const persistRow = document.querySelector("#persist-until-row");
const challengeHint = document.querySelector("#hint-challenge");

/** Put a value into a field; a select takes only what it offers. */
function fill(name, value) {
    const field = form.elements.namedItem(name);
    const offered = field.options && [...field.options].find((option) => option.value === value && !option.disabled);
    if (field.options ? offered : value !== null) field.value = value;
}

/** Fill the form from the link's fragment: #domains=a.example,*.a.example&ca=letsencrypt&challenge=dns-01&key=ec-p256 */
function fillFromLink() {
    const wanted = new URLSearchParams(location.hash.slice(1));
    for (const [parameter, name] of Object.entries(LINK_FIELDS)) {
        if (!wanted.has(parameter)) continue;
        const value = wanted.get(parameter);
        fill(name, parameter === "domains" ? value.split(",").join("\n") : value);
    }
    showRows();
}

/** The practice CA listens on this computer only, so only a page from this computer offers it, and then first. */
function offerPractice() {
    const option = form.querySelector("option[value=practice]");
    const here = /^(localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/.test(location.hostname);
    if (!option) return;
    if (!here) return option.remove();
    option.hidden = option.disabled = false;
    form.elements.namedItem("ca").value = "practice";
}

/** Show what belongs to the chosen CA and kind of proof, and nothing that belongs to another. */
function showRows() {
    const challenge = form.elements.namedItem("challenge").value;
    directoryRow.hidden = form.elements.namedItem("ca").value !== "custom";
    persistRow.hidden = ![...form.querySelectorAll("select")].some((select) => select.value === "dns-persist-01");
    for (const hint of challengeHint.children) hint.hidden = hint.dataset.for !== challenge;
}

/** Put back what was typed before a reload. Storage may be forbidden: then nothing is kept, and Python says so. */
function restore() {
    const kept = readKept();
    for (const [name, value] of texts(kept)) if (FIELDS.includes(name)) fill(name, value);
    proofs = Object.fromEntries(texts(kept?.proofs));
    form.dataset.proofs = JSON.stringify(proofs);
}

/** Whatever JSON is kept; null where there is none. */
function readKept() {
    try {
        return JSON.parse(sessionStorage.getItem(STORED));
    } catch {
        return null;
    }
}

/** The members of an object that are texts. Other pages of this address may have kept anything, so nothing else is taken. */
function texts(value) {
    const members = typeof value === "object" && value !== null ? Object.entries(value) : [];
    return members.filter(([, text]) => typeof text === "string");
}

function keep() {
    const typed = Object.fromEntries(FIELDS.map((name) => [name, form.elements.namedItem(name).value]));
    for (const select of form.querySelectorAll("select[data-identifier]")) proofs[select.dataset.identifier] = select.value;
    try {
        sessionStorage.setItem(STORED, JSON.stringify({ ...typed, proofs }));
    } catch {
        return;
    }
}

/** Until Python handles the form, remember that it was sent: page.py looks at `queued` when it is up. */
function queue(event) {
    event.preventDefault();
    if (root.dataset.app === "loading") {
        form.dataset.queued = "yes";
        status.textContent = WAITING;
    } else if (root.dataset.app === "failed") {
        document.querySelector("[data-testid=error]").focus(); // it says why nothing happens
    }
}

offerPractice();
restore();
fillFromLink();
form.addEventListener("submit", queue);
form.querySelector("[type=submit]").disabled = false; // from now on no click on it gets lost
form.addEventListener("input", keep);
form.addEventListener("change", showRows);
addEventListener("hashchange", () => {
    fillFromLink();
    keep();
    for (const name of ["domains", "ca"]) form.elements.namedItem(name).dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.namedItem("ca").dispatchEvent(new Event("change", { bubbles: true }));
});
