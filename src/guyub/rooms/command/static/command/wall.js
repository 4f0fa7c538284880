/* The wall lives: one stream says that something happened, and its parts are fetched anew, at most every two seconds.
   Without this file the page refreshes itself as a whole. Words are only ever written as text. */
(function () {
  "use strict";
  var main = document.querySelector(".wall-main[data-stream]");
  if (!main || !window.EventSource || !window.htmx) return;
  var said = main.dataset;
  var ahead = Number(said.now) * 1000 - Date.now();   // how far the server's clock is before this one
  var AFTER = 2300;      // parts are kept for two seconds: what is fetched later knows of the event
  var BY_ITSELF = 20000; // deadlines and values change without an event
  var GRACE = 3000;      // a stream that comes back at once was never away
  var RELOAD = 6 * 3600 * 1000;
  var lost = document.querySelector(".wall-lost");
  var slots = Array.prototype.slice.call(document.querySelectorAll("[data-part]"));

  function now() { return new Date(Date.now() + ahead); }

  function clockOf(moment, seconds) {
    var how = { hour: "2-digit", minute: "2-digit", hourCycle: "h23", timeZone: said.zone };
    if (seconds) how.second = "2-digit";
    return new Intl.DateTimeFormat("id", how).format(moment);
  }

  /* ---- the clock, the age of what is shown, day and night --------------------------------------------- */

  function tick() {
    var moment = now();
    document.querySelector("[data-clock]").textContent = clockOf(moment);
    document.querySelector("[data-day]").textContent = new Intl.DateTimeFormat(said.lang === "en" ? "en-GB" : said.lang, {
      weekday: "long", day: "numeric", month: "long", year: "numeric", timeZone: said.zone
    }).format(moment);
    document.querySelectorAll("[data-made]").forEach(function (time) {
      time.classList.toggle("old", moment.getTime() / 1000 - Number(time.dataset.made) > 90);
    });
    if (said.night) {
      var hours = said.night.split("-").map(Number);
      var hour = Number(clockOf(moment).slice(0, 2));
      var dark = hours[0] <= hours[1] ? hour >= hours[0] && hour < hours[1] : hour >= hours[0] || hour < hours[1];
      document.body.classList.toggle("wall-malam", dark);
      document.body.classList.toggle("wall-siang", !dark);
    }
  }

  /* ---- whether what is shown is still true -------------------------------------------------------------- */

  var away = 0, since = 0;

  function fell() {
    if (since) return;
    since = now().getTime();
    away = setTimeout(function () {
      lost.textContent = said.lost + " " + clockOf(new Date(since));
      lost.hidden = false;
    }, GRACE);
  }

  function stands() {
    clearTimeout(away);
    since = 0;
    lost.hidden = true;
  }

  /* ---- parts ----------------------------------------------------------------------------------------------- */

  var waiting = 0;

  function fetchAll() {
    waiting = 0;
    slots.forEach(function (slot) { window.htmx.trigger(slot, "baru"); });
  }

  function soon() {
    if (!waiting) waiting = setTimeout(fetchAll, AFTER + Math.random() * 700);
  }

  slots.forEach(function (slot) {
    slot.setAttribute("hx-get", said.base + "bagian/" + slot.dataset.part + "/");
    slot.setAttribute("hx-trigger", "baru");
    slot.setAttribute("hx-swap", "innerHTML");
    window.htmx.process(slot);
  });
  /* An address that was ended answers 404: then the whole page says so. */
  document.body.addEventListener("htmx:responseError", function (event) {
    if (event.detail.xhr.status < 500) location.reload(); else fell();
  });
  document.body.addEventListener("htmx:sendError", fell);
  document.body.addEventListener("htmx:afterSwap", function () {
    tick();
    follow();
    if (stream.readyState === EventSource.OPEN) stands();
  });

  /* A list that the city has only now, or no more, needs another grid: the page is laid out anew, once a minute at most. */
  var began = Date.now();
  var there = slots.map(function (slot) { return slot.dataset.part; });

  function follow() {
    var said = document.querySelector("[data-lists]");
    if (!said || !said.dataset.lists || Date.now() - began < 60000) return;
    var lists = said.dataset.lists.split(" ");
    var shown = there.filter(function (part) { return ["peta", "umpan", "angka"].indexOf(part) < 0; });
    if (lists.join() !== shown.join()) location.reload();
  }

  /* ---- the feed ---------------------------------------------------------------------------------------------- */

  function tell(line, more) {
    var feed = document.querySelector("[data-feed]");
    if (!feed) return;
    var item = document.createElement("li");
    item.className = "told told-new tone-" + (/^[a-z]+$/.test(line.t) ? line.t : "info");
    [["span", "told-when", clockOf(new Date(line.at))], ["div", "", ""]].forEach(function (part) {
      var element = document.createElement(part[0]);
      element.className = part[1];
      element.textContent = part[2];
      item.append(element);
    });
    [["told-text", line[said.lang] || line.id], ["line-note", line.w], ["line-note", more]].forEach(function (part) {
      if (!part[1]) return;
      var element = document.createElement("p");
      element.className = part[0];
      element.textContent = part[1];
      item.lastChild.append(element);
    });
    feed.querySelectorAll(".nothing").forEach(function (one) { one.remove(); });
    var most = Math.max(feed.children.length, 6);
    feed.prepend(item);
    while (feed.children.length > most) feed.lastChild.remove();
  }

  /* ---- the stream ---------------------------------------------------------------------------------------------- */

  var stream = new EventSource(said.stream);
  stream.addEventListener("open", function () { stands(); soon(); });
  stream.addEventListener("fakta", function (event) {
    var told = JSON.parse(event.data);
    var feed = document.querySelector("[data-feed]");
    told.lines.forEach(function (line, n) {
      var last = n === told.lines.length - 1 && told.more > 0 && feed;
      tell(line, last ? feed.dataset.more.replace("{n}", told.more) : "");
    });
    soon();
  });
  stream.addEventListener("again", function () { location.reload(); });
  stream.addEventListener("error", function () {
    fell();
    if (stream.readyState === EventSource.CLOSED) setTimeout(retry, 5000 + Math.random() * 5000);
  });

  /* What was refused does not come back by itself: its token is over, or its address. The page knows. */
  function retry() {
    fetch(location.href, { credentials: "same-origin", cache: "no-store" }).then(function () { location.reload(); })
      .catch(function () { setTimeout(retry, 10000); });
  }

  window.addEventListener("offline", fell);
  window.addEventListener("online", soon);
  setInterval(tick, 1000);
  setInterval(fetchAll, BY_ITSELF);
  setTimeout(retry, RELOAD + Math.random() * 600000);
  tick();
})();
