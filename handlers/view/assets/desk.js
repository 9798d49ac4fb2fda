/* The desk renews itself: a stream says that something else is to be shown, the script asks for the same address and changes what differs. */
/* Focus, scroll, what was unfolded and what was typed stay. Without a script the page is as it was when it was loaded. */
(function () {
  "use strict";
  var main = document.querySelector("main[data-live]");
  if (!main || !window.EventSource || !window.fetch || !window.DOMParser) return;
  var late = document.getElementById("late");
  var over = document.getElementById("over");
  var shown = main.dataset.revision;
  var heard = Date.now();
  var fresh = new Date();
  var source, again, asking, ended;

  function clock() {
    return fresh.toLocaleTimeString(document.documentElement.lang, {hour: "2-digit", minute: "2-digit"});
  }
  function tell(lost) {
    if (lost && late.hidden) late.firstElementChild.textContent = late.dataset.text.replace("{}", clock());
    late.hidden = !lost || ended;
    over.hidden = !ended;
  }
  function stop() {
    clearTimeout(again);
    if (source) source.close();
    source = null;
  }
  function end() {
    ended = true;
    stop();
    tell(true);
  }
  function later() {
    stop();
    again = setTimeout(open, 20000 + Math.random() * 20000);
  }
  function open() {
    if (source || ended || document.hidden) return;
    clearTimeout(again);
    source = new EventSource(main.dataset.live);
    source.addEventListener("revision", function (event) {
      heard = Date.now();
      if (event.data === shown) {
        fresh = new Date();
        tell(false);
      } else {
        renew(event.data);
      }
    });
    source.onerror = function () {
      if (Date.now() - heard > 30000) tell(true);
      if (source.readyState !== EventSource.CLOSED) return;
      later();
      renew("");
    };
  }
  function renew(revision) {
    if (asking || ended) return;
    asking = true;
    fetch(location.href, {headers: {"Persepsi-Renews": "1"}, credentials: "same-origin", cache: "no-store"})
      .then(function (reply) {
        if (reply.redirected) end();
        if (reply.redirected || !reply.ok) throw new Error("no page");
        return reply.text();
      })
      .then(function (text) {
        var page = new DOMParser().parseFromString(text, "text/html");
        var next = page.querySelector("main[data-live]");
        if (!next) throw new Error("another page");
        become(main, next);
        document.title = page.title;
        shown = revision || next.dataset.revision;
        fresh = new Date();
        tell(false);
      })
      .catch(function () { tell(true); })
      .then(function () { asking = false; });
  }
  function key(node) {
    return node.nodeType === 1 && node.id ? node.nodeName + "#" + node.id : node.nodeName;
  }
  function become(old, next) {
    var i, name;
    for (i = old.attributes.length - 1; i >= 0; i--) {
      name = old.attributes[i].name;
      if (name !== "open" && !next.hasAttribute(name)) old.removeAttribute(name);
    }
    for (i = 0; i < next.attributes.length; i++) {
      name = next.attributes[i].name;
      if (name !== "open" && old.getAttribute(name) !== next.getAttribute(name)) old.setAttribute(name, next.getAttribute(name));
    }
    var at = old.firstChild;
    Array.from(next.childNodes).forEach(function (child) {
      var match = at;
      while (match && key(match) !== key(child)) match = match.nextSibling;
      if (!match) {
        old.insertBefore(document.importNode(child, true), at);
        return;
      }
      while (at !== match) at = drop(at);
      if (!match.isEqualNode(child)) {
        if (match.nodeType === 1) become(match, child);
        else match.nodeValue = child.nodeValue;
      }
      at = match.nextSibling;
    });
    while (at) at = drop(at);
  }
  function drop(node) {
    var next = node.nextSibling;
    node.remove();
    return next;
  }

  document.addEventListener("visibilitychange", function () {
    if (document.hidden) stop();
    else open();
  });
  window.addEventListener("pagehide", stop);
  window.addEventListener("pageshow", open);
  setInterval(function () {
    if (!source || Date.now() - heard < 150000) return;
    tell(true);
    later();
  }, 15000);
  open();
})();
