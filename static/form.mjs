// The form before Python is up: filled from the link, kept over a reload, and a click on "start" is not lost.
//
// Any page can open this one with any link, and lead a window that it opened to another link at any time. So a link is a
// stranger's: it fills in a form that nobody has edited, chooses only what a person could choose, and nothing else.

const STORED = "keystay-form"; // the key in sessionStorage, which ends with the tab
const LINK_FIELDS = {
    domains: "domains",
    ca: "ca",
    challenge: "challenge",
    until: "persist-until",
    target: "target",
    key: "key-type", // after the target, which chooses a key, too
    directory: "directory-url",
    provider: "provider",
};
const FIELDS = Object.values(LINK_FIELDS);
const DNS_BOXES = ["dns-allow", "dns-allow-keep"]; // no link ticks them
const MAX_LINK_LENGTH = 32_768; // characters after "#"; a hundred names have 26,000 at most
let proofs = {}; // by name: its own kind of proof. Python makes the selects, and takes this from data-proofs
let zones = {}; // by domain: its own DNS provider, likewise from data-zones
let baseline = {}; // what the fields held before anybody typed: their defaults, or what the last link put there
let lastLink = ""; // the last link that was looked at; a reload brings it again
let keyOfTarget = ""; // the kind of key that the target chose last; "" from when a person, a link or a script chose one
let edited = false; // whether another field was filled in, or the form was sent

const root = document.documentElement;
const form = document.querySelector("form#names");
const status = document.querySelector("#status");
const directoryRow = document.querySelector("#directory-url-row");
const persistRow = document.querySelector("#persist-until-row");
const termsLink = document.querySelector("#terms-link");
const termsUnlinked = document.querySelector("#terms-unlinked");
const providerPlace = document.querySelector("#provider-place");
const providerRow = document.querySelector("#provider-row"); // stands in the form, or above the records
const button = form.querySelector("[type=submit]");
const challengeHint = document.querySelector("#hint-challenge");
const targets = document.querySelector("#target");
const targetSearch = document.querySelector("#target-search");
const targetGroups = [...targets.children]; // a first option, then groups
const targetOptions = new Map(targetGroups.map((group) => [group, group.tagName === "OPTGROUP" ? [...group.children] : [group]]));
const keyType = document.querySelector("#key-type");
const usualKey = keyType.value;
const useRsa = document.querySelector("#use-rsa");
const messages = document.querySelector("#template-messages").content;

/** Return a message of the page's #template-messages. */
function say(name) {
    return messages.querySelector(`[data-message=${name}]`).textContent.replace(/\s+/g, " ");
}

/** Put a text into a field; a select takes only what it offers. */
function fill(name, value) {
    const field = form.elements.namedItem(name);
    if (typeof value === "string" && (!field.options || [...field.options].some((option) => offers(option, value)))) field.value = value;
}

/** The target chooses the kind of key, until somebody else does. */
function followTarget() {
    if (keyType.value !== keyOfTarget) keyOfTarget = "";
    if (keyOfTarget) keyOfTarget = keyType.value = targets.selectedOptions[0]?.dataset.key ?? usualKey;
}

/** Step 3 asks the same question once more, for all targets. It comes after the form. */
function offerTargets() {
    const groups = targetGroups.map((group) => {
        if (group.tagName !== "OPTGROUP") return group.cloneNode(true);
        const copy = group.cloneNode(); // a search may have taken some of its options out
        copy.append(...optionsOf(group).map((option) => option.cloneNode(true)));
        return copy;
    });
    document.querySelector("#install-target").append(...groups);
}

/** Choose an RSA key, as if by hand. */
function chooseRsa() {
    keyType.value = "rsa-2048";
    for (const type of ["input", "change"]) keyType.dispatchEvent(new Event(type, { bubbles: true }));
    targets.focus(); // the button is gone now
}

/** Put a text into a field that belongs to what is chosen: a link leaves nothing where nobody would look for it. */
function fillShown(name, value) {
    showRows();
    if (!form.elements.namedItem(name).closest("[hidden]")) fill(name, value);
}

function offers(option, value) {
    return option.value === value && !option.disabled && !option.hidden && !option.closest("optgroup:is([disabled], [hidden])");
}

function values() {
    return Object.fromEntries(FIELDS.map((name) => [name, form.elements.namedItem(name).value]));
}

function isUntouched() {
    const now = values();
    return !edited && FIELDS.every((name) => now[name] === baseline[name]);
}

/**
 * Fill the form from the link's fragment, once: #domains=a.example,*.a.example&ca=letsencrypt&challenge=dns-01&key=ec-p256
 * Returns whether it did.
 */
function fillFromLink() {
    const link = location.hash.slice(1, MAX_LINK_LENGTH + 2);
    if (link === lastLink) return false;
    lastLink = link;
    const wanted = new URLSearchParams(link);
    showAllTargets();
    const known = Object.keys(LINK_FIELDS).filter((parameter) => wanted.has(parameter));
    if (known.length === 0) return false;
    if (link.length > MAX_LINK_LENGTH || !isUntouched()) {
        announce(say(link.length > MAX_LINK_LENGTH ? "link-too-long" : "link-ignored"));
        return false;
    }
    for (const parameter of known) {
        const value = wanted.get(parameter);
        fillShown(LINK_FIELDS[parameter], parameter === "domains" ? value.split(",").join("\n") : value);
        if (parameter === "target") followTarget();
        if (parameter === "key") keyOfTarget = "";
    }
    baseline = values();
    return true;
}

/** Leave in the list of targets those that the search finds, by all of its words; and what is chosen. */
function searchTargets() {
    const words = targetSearch.value.toLowerCase().split(/\s+/).filter(Boolean);
    const { value } = targets;
    let count = 0;
    const groups = targetGroups.map((group) => {
        const label = (group.label ?? "").toLowerCase();
        const finds = ({ text, dataset }) => words.every((word) => `${text} ${dataset.also ?? ""} ${label}`.toLowerCase().includes(word));
        const found = optionsOf(group).filter((option) => finds(option));
        count += words.length > 0 ? found.length : 0;
        const left = optionsOf(group).filter((option) => found.includes(option) || option.value === value || option === group);
        if (group.tagName === "OPTGROUP") group.replaceChildren(...left);
        return left.length > 0 ? group : null;
    });
    // Options are taken out, because Safari shows hidden ones.
    targets.replaceChildren(...groups.filter(Boolean));
    targets.value = value;
    const message = count > 0 ? say("targets-found").replace("{count}", count) : say("no-target-found");
    document.querySelector("#target-found").textContent = words.length > 0 ? message : "";
}

function optionsOf(group) {
    return targetOptions.get(group);
}

/** A link may choose any. */
function showAllTargets() {
    targetSearch.value = "";
    searchTargets();
}

/** Say it now, and once more when Python is up, which clears the line: page.py looks at `notice` then. */
function announce(text) {
    form.dataset.notice = status.textContent = text;
}

/** The practice CA listens on this computer only, so only a page from this computer offers it, and then first. */
function offerPractice() {
    const [option, card] = ["option", ".card"].map((kind) => form.querySelector(`${kind}:is([value=practice], :has([value=practice]))`));
    const here = /^(localhost|127\.0\.0\.1|\[::1\]|.+\.localhost)$/.test(location.hostname);
    if (!here) {
        option?.remove();
        card?.remove();
    } else if (option) {
        option.hidden = option.disabled = false;
        form.elements.namedItem("ca").value = "practice";
    }
}

/** A card and a select are two controls of one value: what is chosen by a card is chosen in the select, as if by hand. */
function chooseByCard({ target }) {
    const select = form.elements.namedItem(target.dataset.sets ?? "");
    if (!select) return;
    select.value = target.value;
    for (const type of ["input", "change"]) select.dispatchEvent(new Event(type, { bubbles: true }));
}

/** Check the cards of what the selects hold. No card is checked where none shows it. */
function followSelects() {
    for (const card of form.querySelectorAll("[data-sets]")) card.checked = form.elements.namedItem(card.dataset.sets).value === card.value;
}

/** The button says what comes of it, by the kinds of proof of all names. */
function showOutcome() {
    const { value } = form.elements.namedItem("challenge");
    const own = [...form.querySelectorAll("select[data-identifier]")].map((select) => select.value || value);
    const kinds = new Set((own.length > 0 ? own : [value]).map((kind) => (kind.startsWith("dns-") ? "dns" : kind)));
    const outcomes = { dns: "get-records", "http-01": "get-files", "tls-alpn-01": "get-certificates" };
    button.textContent = say(kinds.size === 1 ? outcomes[[...kinds][0]] : "get-all");
}

/** Show what belongs to the chosen CA and kind of proof, and nothing that belongs to another. */
function showRows() {
    followSelects();
    showOutcome();
    const challenge = form.elements.namedItem("challenge").value;
    directoryRow.hidden = form.elements.namedItem("ca").value !== "custom";
    persistRow.hidden = ![...form.querySelectorAll("select")].some((select) => select.value === "dns-persist-01");
    const kinds = [...form.querySelectorAll("[name=challenge], select[data-identifier]")];
    providerPlace.hidden = !kinds.some((select) => select.value.startsWith("dns-"));
    const { value, selectedOptions } = targets;
    const mayNeedRsa = value === "not-sure" || selectedOptions[0]?.dataset.key;
    useRsa.hidden = !mayNeedRsa || !keyType.value.startsWith("ec-") || form.querySelector("#csr").value.trim() !== "";
    for (const hint of challengeHint.children) hint.hidden = hint.dataset.for !== challenge;
}

/**
 * Link the terms of the chosen CA, where the list of CAs has a link to them; for others app/ui/form/profiles.py finds it out.
 * Returns what the list has: "" says that there are none, undefined that it does not know.
 */
function showTerms() {
    const { terms } = form.elements.namedItem("ca").selectedOptions[0]?.dataset ?? {};
    const known = Boolean(terms?.startsWith("https://"));
    termsLink.hidden = !known;
    termsUnlinked.hidden = known;
    if (known) termsLink.href = terms;
    else termsLink.removeAttribute("href");
    return terms;
}

/** A tick is for the terms that are linked beside it: where another CA has other ones, or nobody knows, it is taken away. */
function followTerms({ target }) {
    const linked = termsLink.getAttribute("href");
    if (target.name !== "ca" && !(target.name === "directory-url" && linked)) return;
    const terms = showTerms();
    if (terms !== "" && (!terms || terms !== linked)) form.elements.namedItem("agree-tos").checked = false; // "": it has none
}

/** Put back what was typed before a reload. Storage may be forbidden: then nothing is kept, and Python says so. */
function restore() {
    baseline = values();
    const kept = readKept();
    for (const [name, value] of texts(kept)) if (FIELDS.includes(name)) fill(name, value);
    restoreTicks(Object.fromEntries(texts(kept)));
    baseline = { ...baseline, ...Object.fromEntries(texts(kept?.baseline)) };
    lastLink = Object.fromEntries(texts(kept)).lastLink ?? lastLink;
    keyOfTarget = kept ? (Object.fromEntries(texts(kept)).keyOfTarget ?? "") : usualKey;
    proofs = Object.fromEntries(texts(kept?.proofs));
    form.dataset.proofs = JSON.stringify(proofs);
    zones = Object.fromEntries(texts(kept?.zones));
    form.dataset.zones = JSON.stringify(zones);
}

/** A tick is for the resolvers that are named beside it: it is kept over a reload as these words, and put back beside no others. */
function ticks() {
    const words = document.querySelector("#dns-allow-words").textContent;
    return Object.fromEntries(DNS_BOXES.map((name) => [name, form.elements.namedItem(name).checked ? words : ""]));
}

function restoreTicks(kept) {
    const words = document.querySelector("#dns-allow-words").textContent;
    for (const name of DNS_BOXES) form.elements.namedItem(name).checked = words !== "" && kept[name] === words;
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
    for (const select of form.querySelectorAll("select[data-identifier]")) proofs[select.dataset.identifier] = select.value;
    for (const select of providerRow.querySelectorAll("select[data-zone]")) zones[select.dataset.zone] = select.value;
    try {
        sessionStorage.setItem(STORED, JSON.stringify({ ...values(), ...ticks(), proofs, zones, baseline, lastLink, keyOfTarget }));
    } catch {
        return;
    }
}

function noteInput({ target }) {
    if (target.name === "target") followTarget();
    if (target.name === "key-type") keyOfTarget = "";
    edited ||= target !== form && target !== targetSearch && !FIELDS.includes(target.name) && !target.dataset.sets; // Python speaks to the form itself
    keep();
}

/** Until Python handles the form, remember that it was sent: page.py looks at `queued` when it is up. */
function queue() {
    edited = true;
    if (root.dataset.app === "loading") {
        form.dataset.queued = "yes";
        status.textContent = say("waiting");
    }
}

/** What people copy is taken as it stands before anybody, such as a browser that translates, changes the page's text. */
function keepCopied() {
    for (const { dataset } of document.querySelectorAll("[data-copy^='#']")) {
        const source = document.querySelector(dataset.copy);
        source.dataset.value = source.textContent;
    }
}

keepCopied();
globalThis.keystayStart?.painted.then(offerTargets);
offerPractice();
restore();
fillFromLink();
keep();
showRows();
showTerms();
form.addEventListener("submit", queue);
addEventListener("submit", (event) => event.preventDefault()); // no form of this page is sent anywhere by the browser
button.disabled = false; // from now on no click on it gets lost
form.addEventListener("input", noteInput);
targetSearch.addEventListener("input", searchTargets);
useRsa.addEventListener("click", chooseRsa);
providerRow.addEventListener("input", keep); // which the form does not hear of while the row stands elsewhere
form.addEventListener("change", chooseByCard);
form.addEventListener("change", showRows);
form.addEventListener("change", followTerms, true); // before Python hears of it
addEventListener("hashchange", () => {
    const filled = fillFromLink();
    keep();
    if (!filled) return;
    showRows();
    for (const name of ["domains", "target", "ca"]) form.elements.namedItem(name).dispatchEvent(new Event("input", { bubbles: true }));
    form.elements.namedItem("ca").dispatchEvent(new Event("change", { bubbles: true }));
});
