/* Sending a report from a phone whose network comes and goes. Every page works without this file.

   What is typed lies in the browser's own store (IndexedDB) until the server has acknowledged it. The words go
   first; photos, made small, follow one by one. Each sending carries an id of its own, so that sending again after
   a lost answer changes nothing. One entry of the store:
     {id: submission, fields: {name: value}, photos: [{uuid, blob}], sending, upload, follow, number, at} */
(function () {
  "use strict";
  var box = document.getElementById("intake");
  if (!box || !window.indexedDB || !window.fetch || !window.Promise) return;
  var words = box.dataset;
  var SMALL = 300 * 1024;
  var KEPT_DAYS = 7;

  /* ---- the store ------------------------------------------------------------------------------------- */

  var opening = new Promise(function (done, failed) {
    var request = indexedDB.open("guyub-laporan", 1);
    request.onupgradeneeded = function () { request.result.createObjectStore("reports", { keyPath: "id" }); };
    request.onsuccess = function () { done(request.result); };
    request.onerror = function () { failed(request.error); };
  });

  function ask(mode, what) {
    return opening.then(function (db) {
      return new Promise(function (done, failed) {
        var transaction = db.transaction("reports", mode);
        var request = what(transaction.objectStore("reports"));
        transaction.oncomplete = function () { done(request.result); };
        transaction.onabort = transaction.onerror = function () { failed(transaction.error); };
      });
    });
  }
  function save(entry) { entry.at = Date.now(); return ask("readwrite", function (store) { return store.put(entry); }); }
  function find(id) { return ask("readonly", function (store) { return store.get(id); }); }
  function forget(id) { return ask("readwrite", function (store) { return store.delete(id); }); }
  function all() { return ask("readonly", function (store) { return store.getAll(); }); }

  /* ---- saying ---------------------------------------------------------------------------------------- */

  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text) element.textContent = text;
    return element;
  }
  function fill(text, values) {
    return text.replace(/\{(\w+)\}/g, function (whole, name) { return name in values ? values[name] : whole; });
  }
  /* One notice in a place of the page; an empty text takes it away. Returns the notice for more to be added. */
  function say(place, tone, text) {
    if (!place) return null;
    place.textContent = "";
    if (!text) return null;
    var notice = make("div", "notice notice-" + tone);
    notice.setAttribute("role", tone === "danger" ? "alert" : "status");
    var inner = make("div");
    inner.append(make("p", "", text));
    notice.append(inner);
    place.append(notice);
    return inner;
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

  /* ---- patience: try now, then after 5 s, 10 s … 5 minutes, and whenever the network comes back ---------- */

  function patiently(attempt) {
    var wait = 5000;
    var timer = null;
    var busy = false;
    var over = false;
    function go() {
      clearTimeout(timer);
      if (busy || over) return;
      busy = true;
      attempt().then(function (finished) {
        busy = false;
        over = finished;
        if (!over) later();
      }, function () { busy = false; later(); });
    }
    function later() {
      timer = setTimeout(go, wait);
      wait = Math.min(wait * 2, 300000);
    }
    window.addEventListener("online", function () { wait = 5000; go(); });
    go();
  }

  /* What was kept of a form as it would send it: a name may stand for several choices. */
  function dataOf(fields) {
    var data = new FormData();
    Object.keys(fields).forEach(function (name) {
      [].concat(fields[name]).forEach(function (one) { data.append(name, one); });
    });
    return data;
  }

  function post(url, data, seconds) {
    var stop = window.AbortController ? new AbortController() : null;
    var timer = stop && setTimeout(function () { stop.abort(); }, seconds * 1000);
    var options = { method: "POST", body: data, credentials: "same-origin", headers: { Accept: "application/json" } };
    if (stop) options.signal = stop.signal;
    return fetch(url, options).then(function (answer) {
      return answer.json().catch(function () { return {}; }).then(function (json) {
        clearTimeout(timer);
        return { status: answer.status, json: json };
      });
    });
  }

  /* ---- photos that follow the words --------------------------------------------------------------------- */

  /* Sends an entry's photos one by one; `tell(state, n, all)` hears of it. */
  function sendPhotos(entry, tell) {
    var count = entry.photos.length;
    patiently(function next() {
      if (!entry.photos.length) return forget(entry.id).then(function () { tell("done"); return true; });
      tell("photo", count - entry.photos.length + 1, count);
      var photo = entry.photos[0];
      var data = new FormData();
      data.append("uuid", photo.uuid);
      data.append("photo", photo.blob, "foto.jpg");
      return post(entry.upload, data, 120).then(function (answer) {
        if (answer.status >= 500 || answer.status === 429) throw new Error(String(answer.status));
        /* 200: kept, now or before. 4xx: will never be kept (a false file, or an officer has read the report). */
        entry.photos.shift();
        return save(entry).then(next);
      }).catch(function () { tell("wait"); return false; });
    });
  }

  function photoTeller(place, finished) {
    return function (state, n, count) {
      if (state === "photo") say(place, "info", fill(words.photos, { n: n, all: count }));
      if (state === "wait") say(place, "warning", words.photosWait);
      if (state === "done") { say(place, "success", words.photosDone); if (finished) finished(); }
    };
  }

  /* Smaller than 300 KB, upright, and as JPEG; as it came if this browser cannot read it. */
  function shrink(file) {
    if (!window.createImageBitmap) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (image) {
      var side = 1280;
      var quality = 0.8;
      function draw() {
        var scale = Math.min(1, side / Math.max(image.width, image.height));
        var canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(image.width * scale));
        canvas.height = Math.max(1, Math.round(image.height * scale));
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", quality); }).then(function (blob) {
          if (!blob) return file;
          if (blob.size <= SMALL || side < 500) return blob;
          if (quality > 0.5) quality -= 0.15; else { side = Math.round(side * 0.75); quality = 0.7; }
          return draw();
        });
      }
      return draw();
    }).catch(function () { return file; });
  }

  /* ---- the form ------------------------------------------------------------------------------------------ */

  function prepareForm(form) {
    var place = document.getElementById("form-say");
    var most = Number(form.dataset.mostPhotos) || 5;
    var file = form.elements.photos;
    var thumbs = document.getElementById("new-photos");
    var button = form.querySelector("button[type=submit]");
    var entry = { id: form.elements.submission.value, fields: {}, photos: [], sending: false };
    var timer = null;
    var touched = false;

    function read() {
      var fields = {};
      Array.from(form.elements).forEach(function (one) {
        if (!one.name || one.type === "file" || one.name === "csrfmiddlewaretoken" || one.name === "remove") return;
        if ((one.type === "checkbox" || one.type === "radio") && !one.checked) return;
        fields[one.name] = one.name in fields ? [].concat(fields[one.name], one.value) : one.value;
      });
      entry.id = form.elements.submission.value;
      entry.fields = fields;
    }
    function keep() {
      clearTimeout(timer);
      touched = true;
      read();
      return save(entry);
    }
    function write() {
      Array.from(form.elements).forEach(function (one) {
        if (!one.name || one.type === "file" || one.name === "csrfmiddlewaretoken") return;
        var value = entry.fields[one.name];
        if (one.type === "checkbox") one.checked = [].concat(value === undefined ? [] : value).indexOf(one.value) >= 0;
        else if (one.type === "radio") one.checked = one.value === value;
        else if (value !== undefined) one.value = value;
      });
      form.querySelectorAll("textarea").forEach(function (one) { one.dispatchEvent(new Event("input", { bubbles: true })); });
      showCategory();
      form.dispatchEvent(new CustomEvent("guyub:filled", { detail: entry.fields }));
    }

    function showPhotos() {
      thumbs.textContent = "";
      thumbs.hidden = !entry.photos.length;
      entry.photos.forEach(function (photo, index) {
        var item = make("li");
        var image = make("img");
        image.src = URL.createObjectURL(photo.blob);
        image.alt = fill(words.photo, { n: index + 1 });
        image.onload = function () { URL.revokeObjectURL(image.src); };
        var remove = make("button", "btn btn-plain btn-small", words.remove);
        remove.type = "button";
        remove.setAttribute("aria-label", words.remove + " – " + image.alt);
        remove.addEventListener("click", function () {
          entry.photos.splice(index, 1);
          showPhotos();
          keep();
        });
        item.append(image, remove);
        thumbs.append(item);
      });
    }
    function takePhotos() {
      var kept = form.querySelectorAll("[name=remove]:not(:checked)").length;
      var room = Math.max(0, most - kept - entry.photos.length);
      var chosen = Array.from(file.files);
      if (chosen.length > room) say(place, "warning", fill(words.tooMany, { n: most }));
      button.disabled = true;
      chosen.slice(0, room).reduce(function (before, one) {
        return before.then(function () { return shrink(one); }).then(function (blob) {
          entry.photos.push({ uuid: newId(), blob: blob });
          showPhotos();
        });
      }, Promise.resolve()).then(keep).then(function () {
        button.disabled = false;
        file.value = "";
      }, function () { button.disabled = false; /* the store is full: the files stay chosen and go with the form */ });
    }

    /* The chosen category's hint, and in danger the numbers to call, right above the button. */
    function showCategory() {
      var option = form.elements.category.selectedOptions[0];
      var hint = document.getElementById("category-hint");
      hint.textContent = (option && option.dataset.hint) || "";
      var urgent = document.getElementById("urgent");
      var keys = ((option && option.dataset.call) || "").split(" ").filter(Boolean);
      var row = urgent.querySelector(".actions");
      urgent.hidden = !keys.length;
      row.textContent = "";
      keys.forEach(function (key) {
        var link = document.querySelector("#all-numbers [data-keys~='" + key + "']");
        if (link && !row.querySelector("[href='" + link.getAttribute("href") + "']")) row.append(link.cloneNode(true));
      });
    }

    function showErrors(errors) {
      form.querySelectorAll(".js-errors").forEach(function (one) { one.remove(); });
      form.querySelectorAll(".field-wrong").forEach(function (one) { one.classList.remove("field-wrong"); });
      form.querySelectorAll("[aria-invalid]").forEach(function (one) { one.removeAttribute("aria-invalid"); });
      var inner = say(place, "danger", words.wrong);
      Object.keys(errors).forEach(function (name) {
        var controls = form.elements[name];
        var control = controls && controls.length && !controls.options ? controls[0] : controls;
        var field = control && control.type !== "hidden" && control.closest(".field");
        errors[name].forEach(function (text) {
          if (!field) { inner.append(make("p", "", text)); return; }
          var list = make("ul", "errors js-errors");
          list.id = "js-error-" + name;
          list.append(make("li", "", text));
          field.append(list);
          field.classList.add("field-wrong");
          control.setAttribute("aria-invalid", "true");
          control.setAttribute("aria-describedby", list.id);
        });
      });
      var first = form.querySelector("[aria-invalid]");
      if (first) first.focus();
      (form.querySelector(".js-errors") || place).scrollIntoView({ block: "center" });
    }

    function sent(answer) {
      entry.upload = answer.upload;
      entry.follow = answer.follow;
      entry.number = answer.number;
      entry.fields = {};
      if (!entry.photos.length) {
        return forget(entry.id).then(function () { location.assign(answer.follow + "?terkirim=1"); return true; });
      }
      return save(entry).then(function () {
        form.hidden = true;
        var panel = make("div", "stack");
        panel.tabIndex = -1;
        form.before(panel);
        var inner = say(panel, "success", words.sent + ". " + fill(words.number, { number: answer.number }));
        var link = make("a", "", words.open);
        link.href = answer.follow + "?terkirim=1";
        inner.append(link);
        var progress = make("div");
        panel.append(progress);
        panel.focus();
        sendPhotos(entry, photoTeller(progress, function () { location.assign(link.href); }));
        return true;
      });
    }

    function formData() {
      var data = dataOf(entry.fields);
      form.querySelectorAll("[name=remove]:checked").forEach(function (one) { data.append("remove", one.value); });
      data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      return data;
    }

    function attempt() {
      say(place, "info", words.sending);
      button.disabled = true;
      return post(form.action, formData(), 60).then(function (answer) {
        if (answer.status === 200 && answer.json.follow) return sent(answer.json);
        entry.sending = false;
        button.disabled = false;
        if (answer.status === 200 && answer.json.similar) {
          return save(entry).then(function () { location.assign(answer.json.similar); return true; });
        }
        if (answer.status === 422 && answer.json.errors) {
          if (answer.json.submission && answer.json.submission !== entry.id) {
            forget(entry.id);
            form.elements.submission.value = answer.json.submission;
          }
          showErrors(answer.json.errors);
          return keep().then(function () { return true; });
        }
        if (answer.status === 403) {
          say(place, "danger", words.expired);
          return save(entry).then(function () { return true; });
        }
        entry.sending = true;
        say(place, "warning", words.refused);
        return false;
      }, function () {
        say(place, "warning", words.offline);
        place.scrollIntoView({ block: "center" });
        return false;
      });
    }

    function restore(found) {
      entry = found;
      form.elements.submission.value = entry.id;
      write();
      showPhotos();
      if (form.dataset.fresh !== "yes") return;
      var inner = say(place, "info", words.restored);
      var discard = make("button", "btn btn-plain btn-small", words.discard);
      discard.type = "button";
      discard.addEventListener("click", function () { forget(entry.id).then(function () { location.assign(location.pathname); }); });
      inner.append(discard);
    }

    /* What an earlier visit left: words or photos still to be sent go first; a half-typed draft comes back. */
    function lookBack() {
      return all().then(function (entries) {
        var old = Date.now() - KEPT_DAYS * 864e5;
        var drafts = [];
        entries.sort(function (a, b) { return b.at - a.at; }).forEach(function (one) {
          if (one.upload) sendPhotos(one, photoTeller(null));
          else if (one.sending) resend(one);
          else if (one.at < old) forget(one.id);
          else drafts.push(one);
        });
        if (touched) return;
        var mine = drafts.find(function (one) { return one.id === form.elements.submission.value; });
        if (mine) {
          /* The server shows this draft itself and knows its words; the photos are still here. */
          entry.photos = mine.photos;
          showPhotos();
        } else if (form.dataset.fresh === "yes" && drafts.length && !form.elements.draft.value) {
          restore(drafts[0]);
        }
      });
    }
    function resend(waiting) {
      say(place, "warning", words.waiting);
      patiently(function () {
        var data = dataOf(waiting.fields);
        data.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
        return post(form.action, data, 60).then(function (answer) {
          if (answer.status === 200 && answer.json.follow) {
            waiting.upload = answer.json.upload;
            waiting.fields = {};
            return save(waiting).then(function () {
              var inner = say(place, "success", words.sent + ". " + fill(words.number, { number: answer.json.number }));
              var link = make("a", "", words.open);
              link.href = answer.json.follow;
              inner.append(link);
              sendPhotos(waiting, photoTeller(null));
              return true;
            });
          }
          if (answer.status >= 500 || answer.status === 429) return false;
          /* It needs its author: similar reports, a mistake, or a new form. It comes back as a draft. */
          waiting.sending = false;
          return save(waiting).then(function () { if (!touched) restore(waiting); return true; });
        }, function () { return false; });
      });
    }

    form.addEventListener("input", function (event) {
      if (event.target === file) return;
      touched = true;
      clearTimeout(timer);
      timer = setTimeout(keep, 400);
    });
    form.elements.category.addEventListener("change", showCategory);
    showCategory();
    prepareWhere(form, keep);

    opening.then(function () {
      file.addEventListener("change", takePhotos);
      form.addEventListener("submit", function (event) {
        if (file.files.length) return; /* photos that the store could not take go the plain way */
        event.preventDefault();
        entry.sending = true;
        keep().then(function () { patiently(attempt); }, function () { form.submit(); });
      });
      return lookBack();
    }).catch(function () { /* no store (a private window): the plain form does all of it */ });
  }

  /* ---- where: the phone's position and the map, each loaded only when asked for ---------------------------- */

  function prepareWhere(form, keep) {
    var locate = document.getElementById("locate");
    var openMap = document.getElementById("open-map");
    var line = document.getElementById("map-say");
    var mapOpen = false;
    line.hidden = false;

    function nearest(lat, lon) {
      var best = null;
      Array.from(form.elements.place.options).forEach(function (option) {
        if (!option.dataset.at) return;
        var at = option.dataset.at.split(",");
        var x = (lon - at[1]) * Math.cos(lat * Math.PI / 180);
        var far = Math.hypot(x, lat - at[0]) * 111.2;
        if (!best || far < best.far) best = { far: far, option: option };
      });
      return best;
    }
    /* In which kelurahan a point lies: by the city's boundaries where the server has them, else by the nearest
       middle. It is asked by POST: where somebody stands has no business in the log of addresses. */
    function placeAt(lat, lon) {
      var near = nearest(lat, lon);
      var rough = near && { code: near.far > 6 ? "" : near.option.value, outside: near.far > 6 };
      var address = document.getElementById("map").dataset.placeAt;
      if (!address) return Promise.resolve(rough);
      var said = new FormData();
      said.append("csrfmiddlewaretoken", form.elements.csrfmiddlewaretoken.value);
      said.append("lat", lat.toFixed(6));
      said.append("lon", lon.toFixed(6));
      return fetch(address, { method: "POST", body: said, credentials: "same-origin" }).then(function (answer) {
        if (!answer.ok) throw new Error(String(answer.status));
        return answer.json();
      }).catch(function () { return rough; });
    }
    var asked = 0;
    function picked(lat, lon) {
      var mine = asked += 1;
      placeAt(lat, lon).then(function (found) { if (mine === asked) settle(lat, lon, found); });
    }
    function settle(lat, lon, found) {
      if (found && found.outside) {
        line.textContent = words.outside;
        form.elements.lat.value = form.elements.lon.value = "";
      } else {
        form.elements.lat.value = lat.toFixed(6);
        form.elements.lon.value = lon.toFixed(6);
        var option = found && found.code && Array.from(form.elements.place.options).find(function (one) {
          return one.value === found.code;
        });
        if (option) {
          option.selected = true;
          line.textContent = fill(words.located, { place: option.textContent });
        }
      }
      keep();
    }
    function load(tag, attributes) {
      return new Promise(function (done, failed) {
        var element = document.createElement(tag);
        Object.assign(element, attributes);
        element.onload = done;
        element.onerror = failed;
        document.head.append(element);
      });
    }

    if (navigator.geolocation && window.isSecureContext) {
      locate.hidden = false;
      locate.addEventListener("click", function () {
        if (mapOpen) return; /* the map has taken the button over */
        locate.disabled = true;
        line.textContent = words.locating;
        navigator.geolocation.getCurrentPosition(function (found) {
          locate.disabled = false;
          picked(found.coords.latitude, found.coords.longitude);
        }, function (problem) {
          locate.disabled = false;
          line.textContent = problem.code === 1 ? words.denied : words.notFound;
        }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
      });
    }
    openMap.hidden = false;
    openMap.addEventListener("click", function () {
      openMap.disabled = true;
      load("link", { rel: "stylesheet", href: words.leafletCss }).then(function () {
        return load("script", { src: words.leaflet });
      }).then(function () { return load("script", { src: words.mapScript }); }).then(function () {
        mapOpen = true;
        openMap.hidden = true;
      }, function () { openMap.disabled = false; });
    });
    document.addEventListener("guyub:picked", function (event) { picked(event.detail.lat, event.detail.lon); });
  }

  /* ---- the other pages -------------------------------------------------------------------------------------- */

  function prepareSimilar() {
    document.querySelectorAll("form[data-drop]").forEach(function (form) {
      form.addEventListener("submit", function () { forget(form.dataset.drop); });
    });
  }
  function prepareFollow(own) {
    var id = own.dataset.submission;
    find(id).then(function (entry) {
      if (!entry) return;
      if (!own.dataset.upload || !entry.photos.length) { forget(id); return; }
      entry.upload = own.dataset.upload;
      sendPhotos(entry, photoTeller(document.getElementById("photo-say"), function () {
        setTimeout(function () { location.reload(); }, 1500);
      }));
    }).catch(function () { /* no store, so nothing waits in it */ });
  }

  var form = document.getElementById("report-form");
  var own = document.getElementById("own-report");
  if (form) prepareForm(form);
  else if (own) prepareFollow(own);
  else prepareSimilar();
})();
