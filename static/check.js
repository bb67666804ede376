// Says in words why Keystay cannot start in this browser or at this address, before anything modern is asked for.
// A classic script in old JavaScript, so that every browser can run it. It runs before all other scripts; start.js and boot.mjs
// begin nothing when they find html[data-app] = "failed". The words are in the body, which may not be there yet.
//
// It also keeps room for what Python will put above the form.

(function () {
    "use strict";

    var MAX_ROOM = 10000; // px; some fifty open orders

    var root = document.documentElement;

    /**
     * Before anything is painted, keep the room that the list of orders took when it was last shown in a window of this width, so
     * that the form does not move when Python fills it. app/browser/panels/orders.py remembers it, and ends this. Another page of
     * this address may have stored anything: only a height within bounds is taken.
     */
    function keepRoom() {
        var last = null;
        try {
            last = JSON.parse(localStorage.getItem("keystay-list"));
        } catch (error) {
            return; // storage may be forbidden
        }
        if (!last || last.width !== window.innerWidth) return;
        var height = last.height;
        if (typeof height !== "number" || Math.floor(height) !== height || height < 1 || height > MAX_ROOM) return;
        root.style.setProperty("--list-height", height + "px");
        root.setAttribute("data-list", "expected");
    }

    /** Return a message of the page's #template-messages, with `value` in place of what stands there in braces. */
    function say(name, value) {
        var messages = document.getElementById("template-messages");
        var element = (messages.content || messages).querySelector('[data-message="' + name + '"]');
        return element.textContent
            .replace(/\s+/g, " ")
            .trim()
            .replace(/\{[a-z]+\}/, function () {
                return value;
            });
    }

    /** Fail with the message `name` and the detail that `tell` returns; the first failure stays. */
    function fail(name, tell) {
        if (root.getAttribute("data-app") !== "loading") return;
        root.setAttribute("data-app", "failed");
        whenThere(function () {
            show(name, tell());
        });
    }

    /** Return a function that returns the message `name`, filled with `value`. */
    function message(name, value) {
        return function () {
            return say(name, value);
        };
    }

    /** Call `then` when the whole document is there, which may be now. */
    function whenThere(then) {
        if (document.readyState !== "loading") return then();
        document.addEventListener("readystatechange", function once() {
            document.removeEventListener("readystatechange", once);
            then();
        });
    }

    /** Put the failure `name` into the page's error region. */
    function show(name, detail) {
        var region = document.getElementById("error");
        region.querySelector(".error-title").textContent = say(name);
        region.querySelector(".error-text").textContent = say(name + "-text");
        region.querySelector(".error-detail").textContent = detail;
        document.title = say("page-title", say(name));
        var parts = document.querySelectorAll("main > *");
        for (var i = 0; i < parts.length; i += 1) {
            if (parts[i].id !== "messages") parts[i].setAttribute("hidden", ""); // none of it works now
        }
        region.removeAttribute("hidden");
        region.focus();
    }

    /** Return what this browser lacks, or "" if nothing is known to be missing. */
    function missing() {
        if (!("noModule" in HTMLScriptElement.prototype)) return "HTMLScriptElement.noModule";
        if (typeof structuredClone !== "function") return "structuredClone";
        if (typeof WebAssembly.Tag !== "function") return "WebAssembly.Tag";
        try {
            new RegExp("(?<=a)b"); // the last thing that Safari learned before 16.4
        } catch (error) {
            return "(?<=a)b";
        }
        return "";
    }

    // Scripts that do not arrive or cannot be read say so on themselves or on the window.
    window.addEventListener(
        "error",
        function (event) {
            var source = (event.target && event.target.src) || "";
            if (/\/(start\.js|boot\.mjs|form\.mjs)$/.test(source)) {
                fail("script", message("script-detail", source));
            } else if (event.error && event.error.name === "SyntaxError") {
                fail("old", function () {
                    return String(event.message);
                });
            }
        },
        true
    );

    keepRoom();
    root.setAttribute("data-checked", ""); // start.js and boot.mjs see by this that this script has arrived

    if (window.top !== window.self) {
        fail("frame", message("frame-detail"));
    } else if (window.isSecureContext === false) {
        fail("insecure", message("insecure-detail", location.origin));
    } else if (typeof WebAssembly !== "object") {
        fail("no-webassembly", message("old-detail", "WebAssembly"));
    } else {
        var lacking = missing();
        if (lacking) fail("old", message("old-detail", lacking));
    }
})();
