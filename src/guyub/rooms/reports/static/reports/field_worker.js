/* Keeps the pages of the field for where there is no signal: the network first, what was kept when there is none.
   Only pages below the scope that asked for it; a page that is over, or whose person has signed out, is forgotten. */
"use strict";
var STORE = "guyub-lapangan-1";
var KEPT_DAYS = 2;

function stamped(answer) {
  var headers = new Headers(answer.headers);
  headers.set("X-Kept-At", String(Date.now()));
  return answer.blob().then(function (body) { return new Response(body, { status: answer.status, headers: headers }); });
}
function keep(request, answer) {
  return caches.open(STORE).then(function (store) {
    return stamped(answer).then(function (kept) { return store.put(request, kept); });
  });
}
function kept(request) {
  return caches.open(STORE).then(function (store) {
    return store.match(request, { ignoreSearch: request.mode === "navigate", ignoreVary: true }).then(function (found) {
      if (!found) return undefined;
      if (Date.now() - Number(found.headers.get("X-Kept-At")) > KEPT_DAYS * 864e5) {
        return store.delete(request).then(function () { return undefined; });
      }
      return found;
    });
  });
}
function forget(url) {
  return caches.open(STORE).then(function (store) { return store.delete(url, { ignoreSearch: true, ignoreVary: true }); });
}

self.addEventListener("install", function () { self.skipWaiting(); });
self.addEventListener("activate", function (event) {
  event.waitUntil(caches.keys().then(function (names) {
    return Promise.all(names.filter(function (name) { return name.indexOf("guyub-lapangan-") === 0 && name !== STORE; }).map(function (name) { return caches.delete(name); }));
  }).then(function () { return self.clients.claim(); }));
});
self.addEventListener("message", function (event) {
  var urls = (event.data && event.data.keep) || [];
  event.waitUntil(Promise.all(urls.filter(function (url) { return new URL(url).origin === self.location.origin; }).map(function (url) {
    return fetch(url, { credentials: "same-origin" }).then(function (answer) {
      if (answer.ok && !answer.redirected) return keep(url, answer);
    }).catch(function () { /* it is kept at the next visit */ });
  })));
});
self.addEventListener("fetch", function (event) {
  var request = event.request, url = new URL(request.url);
  if (request.method !== "GET" || url.origin !== self.location.origin) return;
  event.respondWith(fetch(request).then(function (answer) {
    if (request.mode === "navigate" && (answer.redirected || !answer.ok)) event.waitUntil(forget(request.url));
    else if (answer.ok && answer.type === "basic") event.waitUntil(keep(request.mode === "navigate" ? url.origin + url.pathname : request, answer.clone()));
    return answer;
  }, function (problem) {
    return kept(request).then(function (found) {
      if (found) return found;
      throw problem;
    });
  }));
});
