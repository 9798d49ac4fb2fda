/* What somebody typed into a unit's sheet outlives a session that ended before it was stored: this tab keeps it for them and this sheet, for an hour, and puts it back once. */
(function () {
"use strict";
var d = document.currentScript.dataset, form = document.querySelector("form.entries"), key = "entry " + d.who + " " + d.sheet;
function fields() {
return Array.prototype.filter.call(form.elements, function (f) { return f.name && (f.type != "hidden" || f.name == "version"); });
}
try {
var kept = JSON.parse(sessionStorage.getItem(key));
sessionStorage.removeItem(key);
/* The reply to a form has what was typed, or has stored it. */
if (kept && !d.reply && Date.now() - kept.at < 36e5) {
fields().forEach(function (f) { if (f.name in kept.typed) f.value = kept.typed[f.name]; });
document.getElementById("restored").hidden = false;
}
form.addEventListener("submit", function () {
var typed = {};
fields().forEach(function (f) { typed[f.name] = f.value; });
try { sessionStorage.setItem(key, JSON.stringify({at: Date.now(), typed: typed})); } catch (e) {}
});
} catch (e) {}
})();
