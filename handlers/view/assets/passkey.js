/* Passkeys: asks the server for the options of a ceremony, lets the browser sign or make one, and sends the reply by the form. */
/* In a browser that has none, and without this script, the form stays hidden and nothing is lost. */
(function () {
  "use strict";
  var form = document.querySelector("form.passkey");
  var key = window.PublicKeyCredential;
  if (!form || !key || !key.parseRequestOptionsFromJSON || !key.parseCreationOptionsFromJSON) return;
  var make = form.dataset.make === "1";
  var fault = form.querySelector(".fault");
  form.hidden = false;

  form.addEventListener("submit", function (event) {
    event.preventDefault();
    fault.hidden = true;
    form.reply.value = "";
    fetch(form.action, {method: "POST", body: new URLSearchParams(new FormData(form)), credentials: "same-origin"})
      .then(function (r) {
        if (!r.ok) throw new Error("options");
        return r.json();
      })
      .then(function (options) {
        return make
          ? navigator.credentials.create({publicKey: key.parseCreationOptionsFromJSON(options)})
          : navigator.credentials.get({publicKey: key.parseRequestOptionsFromJSON(options)});
      })
      .then(function (made) {
        form.reply.value = JSON.stringify(made);
        form.submit();
      })
      .catch(function () { fault.hidden = false; });
  });
})();
