/* While one writes: the category that the words speak of. Without this file it is asked at sending, once. */
(function () {
  "use strict";
  var box = document.getElementById("guess");
  var list = document.getElementById("id_category");
  var text = document.getElementById("id_body");
  var form = box && box.closest("form");
  if (!form || !list || !text) return;
  var WAIT = 1200, FEWEST = 12;
  var timer = 0, last = "", running = null;

  function show(part) {
    var page = new DOMParser().parseFromString(part, "text/html");
    box.replaceChildren.apply(box, Array.from(page.body.childNodes));
    box.hidden = !part;
  }
  function ask() {
    var conduct = form.elements.about_conduct; /* nothing is asked about reports on conduct */
    if (text.value.trim().length < FEWEST || (conduct && conduct.checked)) { last = ""; return show(""); }
    var body = new URLSearchParams();
    ["csrfmiddlewaretoken", "category", "body"].forEach(function (name) { body.append(name, form.elements[name].value); });
    if (body.toString() === last) return;
    last = body.toString();
    if (running) running.abort();
    running = new AbortController();
    fetch(box.dataset.address, { method: "POST", body: body, signal: running.signal })
      .then(function (answer) { return answer.status === 200 ? answer.text() : ""; })
      .then(show, function () { /* no connection, or asked anew */ });
  }
  function later() { clearTimeout(timer); timer = setTimeout(ask, WAIT); }

  box.addEventListener("click", function (event) {
    var button = event.target.closest("[data-use]");
    if (!button) return;
    list.value = button.dataset.use;
    list.dispatchEvent(new Event("input", { bubbles: true }));
    list.dispatchEvent(new Event("change", { bubbles: true }));
    show("");
    list.focus();
  });
  text.addEventListener("input", later);
  list.addEventListener("change", later);
  ask();
})();
