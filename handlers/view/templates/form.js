/* What a form and its thank-you page do beyond HTML; both work without. Written for old phones. */
(function () {
var d = document.currentScript.dataset, form = document.forms[0], timer;
/* The thank-you page: this tab has sent the answer with this id. */
if (d.sent) {
try { sessionStorage.sent = d.sent; } catch (e) {}
return;
}
function fresh() { location.replace(d.fresh); }
function sent() {
try { return sessionStorage.sent == form.elements.id.value; } catch (e) { return true; }
}
/* Out of the back/forward cache: an answer that was sent is not shown again; one that got lost on its way is. */
addEventListener("pageshow", function (e) { if (e.persisted && sent()) fresh(); });
/* A form that came back with faults is the reply to a post: going back to it would send that again. */
form.addEventListener("submit", function () { history.replaceState(null, "", d.fresh); });
/* A kiosk: what somebody left unfinished is not for the next person. */
function wait() {
clearTimeout(timer);
timer = setTimeout(fresh, d.idle * 1000);
}
if (d.idle) {
["input", "keydown", "pointerdown", "touchstart", "scroll"].forEach(function (name) { addEventListener(name, wait, true); });
if (d.left) wait();
}
})();
