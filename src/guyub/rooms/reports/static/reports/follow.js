/* Ask the browser for push, if it has it. Without this file the other ways to follow remain. */
(function () {
  "use strict";
  var part = document.getElementById("follow-device");
  if (!part || !("serviceWorker" in navigator) || !("PushManager" in window)) return;
  var button = part.querySelector("button"), say = part.querySelector("[role=status]");
  part.hidden = false;

  function bytes(text) {
    var plain = atob(text.replace(/-/g, "+").replace(/_/g, "/"));
    return Uint8Array.from(plain, function (sign) { return sign.charCodeAt(0); });
  }
  function text(buffer) {
    return btoa(String.fromCharCode.apply(null, new Uint8Array(buffer)))
      .replace(/\+/g, "-").replace(/\//g, "_").replace(/=+$/, "");
  }
  function tell(words, address) {
    say.textContent = words;
    if (!address) return;
    var link = document.createElement("a");
    link.href = address;
    link.textContent = part.dataset.manage;
    say.append(" ", link);
  }
  button.addEventListener("click", function () {
    button.disabled = true;
    navigator.serviceWorker.register(part.dataset.worker).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (worker) {
      return worker.pushManager.subscribe({ userVisibleOnly: true, applicationServerKey: bytes(part.dataset.key) });
    }).then(function (device) {
      var form = new FormData(document.getElementById("follow-form"));
      form.delete("email");
      form.set("endpoint", device.endpoint);
      form.set("p256dh", text(device.getKey("p256dh")));
      form.set("auth", text(device.getKey("auth")));
      return fetch(part.dataset.send, { method: "POST", body: new URLSearchParams(form), headers: { Accept: "application/json" } });
    }).then(function (answer) {
      if (!answer.ok) throw new Error(answer.status);
      return answer.json();
    }).then(function (found) { tell(part.dataset.done, found.manage); }, function () {
      tell(part.dataset.failed);
      button.disabled = false;
    });
  });
})();
