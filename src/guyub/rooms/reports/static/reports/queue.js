/* Proof of work is kept on the phone until the office has it. Every page works without this file.

   A form with `data-queue` is laid into the browser's own store and sent from there: now, later, and after the page was
   closed and opened again. Its random id (`kiriman`) makes sending it again harmless. A worker keeps the page itself
   for where there is no signal. One entry: {id, url, fields: [[name, value]], photos: [[name, blob]], at} */
(function () {
  "use strict";
  var box = document.getElementById("queue");
  if (!box || !window.indexedDB || !window.fetch || !window.Promise) return;
  var words = box.dataset, place = document.getElementById("queue-say");

  if ("serviceWorker" in navigator && window.isSecureContext) {
    navigator.serviceWorker.register(words.worker, { scope: words.scope }).then(function () {
      return navigator.serviceWorker.ready;
    }).then(function (ready) {
      /* The first load happened before there was a worker: it takes the page and what it needs now. */
      var needed = Array.from(document.querySelectorAll("link[rel=stylesheet], script[src], .photo-grid img")).map(function (one) {
        return one.href || one.src;
      });
      if (ready.active) ready.active.postMessage({ keep: [location.href.split("#")[0]].concat(needed) });
    }).catch(function () { /* no worker: the page needs the network, the proof still waits in the store */ });
  }

  var opening = new Promise(function (done, failed) {
    var request = indexedDB.open("guyub-bukti", 1);
    request.onupgradeneeded = function () { request.result.createObjectStore("proofs", { keyPath: "id" }); };
    request.onsuccess = function () { done(request.result); };
    request.onerror = function () { failed(request.error); };
  });
  function ask(mode, what) {
    return opening.then(function (db) {
      return new Promise(function (done, failed) {
        var transaction = db.transaction("proofs", mode);
        var request = what(transaction.objectStore("proofs"));
        transaction.oncomplete = function () { done(request.result); };
        transaction.onabort = transaction.onerror = function () { failed(transaction.error); };
      });
    });
  }
  function save(entry) { return ask("readwrite", function (store) { return store.put(entry); }); }
  function forget(id) { return ask("readwrite", function (store) { return store.delete(id); }); }
  function all() { return ask("readonly", function (store) { return store.getAll(); }); }

  function say(tone, text) {
    if (!place) return;
    place.textContent = "";
    if (!text) return;
    var notice = document.createElement("div"), line = document.createElement("p");
    notice.className = "notice notice-" + tone;
    notice.setAttribute("role", tone === "danger" ? "alert" : "status");
    line.textContent = text;
    notice.append(line);
    place.append(notice);
    place.scrollIntoView({ block: "center" });
  }
  function newId() {
    if (window.crypto && crypto.randomUUID) return crypto.randomUUID();
    var bytes = crypto.getRandomValues(new Uint8Array(16));
    bytes[6] = (bytes[6] & 15) | 64;
    bytes[8] = (bytes[8] & 63) | 128;
    return Array.from(bytes, function (one, i) {
      return ([4, 6, 8, 10].indexOf(i) < 0 ? "" : "-") + (one + 256).toString(16).slice(1);
    }).join("");
  }
  function formOf(url) {
    return Array.from(document.querySelectorAll("form[data-queue]")).find(function (one) { return one.action === url; });
  }

  /* What the server cannot take comes back into its form: the words at once, the photos as files of the input. */
  function putBack(entry, errors) {
    var form = formOf(entry.url), lines = [];
    Object.keys(errors || {}).forEach(function (name) { lines = lines.concat(errors[name]); });
    say("danger", (form ? words.wrong : words.refused) + " " + lines.join(" "));
    if (!form) return;
    entry.fields.forEach(function (pair) {
      var control = form.elements[pair[0]];
      if (control && control.type !== "file" && pair[0] !== "csrfmiddlewaretoken") control.value = pair[1];
    });
    if (!window.DataTransfer) return;
    ["camera", "photos"].forEach(function (name) {
      var files = new DataTransfer();
      entry.photos.forEach(function (pair) { if (pair[0] === name) files.items.add(new File([pair[1]], "foto.jpg", { type: "image/jpeg" })); });
      if (form.elements[name]) form.elements[name].files = files.files;
    });
  }

  var wait = 4000, timer = null, busy = false;
  function go() {
    clearTimeout(timer);
    if (busy) return;
    busy = true;
    all().then(function (entries) { return entries.reduce(sendAfter, Promise.resolve(true)); }).then(function (done) {
      busy = false;
      if (!done) later();
    }, function () { busy = false; later(); });
  }
  function later() {
    timer = setTimeout(go, wait);
    wait = Math.min(wait * 2, 300000);
  }
  function sendAfter(before, entry) {
    return before.then(function (fine) { return entry.stopped ? fine : send(entry).then(function (sent) { return sent && fine; }); });
  }
  function send(entry) {
    var data = new FormData();
    entry.fields.forEach(function (pair) { data.append(pair[0], pair[1]); });
    entry.photos.forEach(function (pair) { data.append(pair[0], pair[1], "foto.jpg"); });
    /* The proof may be older than the session: a page that came from the network has a fresh token. */
    var token = document.querySelector("[name=csrfmiddlewaretoken]");
    if (token && data.has("csrfmiddlewaretoken")) data.set("csrfmiddlewaretoken", token.value);
    say("info", words.sending);
    return fetch(entry.url, { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json" } }).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (said) {
        if (answer.status === 200 && said.received) {
          return forget(entry.id).then(function () {
            say("success", words.sent);
            if (formOf(entry.url)) location.assign(said.received);
            return true;
          });
        }
        if (answer.redirected || answer.status === 403) { say("warning", words.signIn); return false; }
        if (answer.status >= 500 || answer.status === 429) { say("warning", words.offline); return false; }
        entry.stopped = true;  // it needs its author; it stays here
        return (formOf(entry.url) && answer.status === 422 ? forget(entry.id) : save(entry)).then(function () {
          putBack(entry, said.errors);
          return true;
        });
      });
    }, function () { say("warning", words.offline); return false; });
  }

  document.querySelectorAll("form[data-queue]").forEach(function (form) {
    form.addEventListener("submit", function (event) {
      var entry = { id: newId(), url: form.action, fields: [], photos: [], at: Date.now() };
      event.preventDefault();
      new FormData(form).forEach(function (value, name) {
        if (value instanceof Blob) { if (value.size) entry.photos.push([name, value]); } else entry.fields.push([name, value]);
      });
      entry.fields = entry.fields.map(function (pair) { return pair[0] === "kiriman" ? ["kiriman", entry.id] : pair; });
      /* Safari loses a File of the store when its file goes: bytes are kept, not references. */
      Promise.all(entry.photos.map(function (pair) {
        return pair[1].arrayBuffer().then(function (bytes) { return [pair[0], new Blob([bytes], { type: pair[1].type })]; });
      })).then(function (photos) {
        entry.photos = photos;
        return save(entry);
      }).then(function () {
        form.reset();
        form.dispatchEvent(new CustomEvent("guyub:queued"));
        wait = 4000;
        go();
      }, function () { form.submit(); });
    });
  });
  window.addEventListener("online", function () { wait = 4000; go(); });
  all().then(function (entries) { if (entries.some(function (one) { return !one.stopped; })) go(); }).catch(function () { /* a private window */ });
})();
