/* What a form and its thank-you page do beyond HTML; both work without. Written for old phones. */
(function () {
var d = document.currentScript.dataset, form = document.querySelector("form[method=post]"), timer;
function fresh() { location.replace(d.fresh); }
function sent() {
try { return sessionStorage.sent == form.elements.id.value; } catch (e) { return true; }
}
/* The thank-you page: this tab has sent the answer with this id. A kiosk's returns by itself, but not out of the back/forward cache. */
if (!form) {
try { if (d.sent) sessionStorage.sent = d.sent; } catch (e) {}
addEventListener("pageshow", function (e) { if (e.persisted && d.fresh) location.reload(); });
return;
}
/* Out of that cache an answer that was sent is not shown again; one that got lost on its way is. */
addEventListener("pageshow", function (e) { if (e.persisted && sent()) fresh(); });
/* A form that came back is the reply to a post: going back to it would send that again. */
if (d.back) form.addEventListener("submit", function () { history.replaceState(null, "", d.fresh); });
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
