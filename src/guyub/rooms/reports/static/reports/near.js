/* While the form is filled: what neighbours may have reported already. Without this file it is shown before sending. */
(function () {
  "use strict";
  var box = document.getElementById("near");
  var form = box && box.closest("form");
  if (!form) return;
  var ASKED = ["csrfmiddlewaretoken", "category", "place", "lat", "lon", "body", "landmark"];
  var WAIT = 900;
  var timer = 0, last = "", running = null;

  function value(name) { return form.elements[name] ? form.elements[name].value : ""; }

  /* Reports on conduct are nobody else's business: nothing is asked about them. */
  function wanted() {
    var conduct = form.elements.about_conduct;
    return value("category") && (value("place") || value("lat")) && !(conduct && conduct.checked);
  }
  function show(text) {
    var part = new DOMParser().parseFromString(text, "text/html");
    box.replaceChildren.apply(box, Array.from(part.body.childNodes));
    box.hidden = !text;
  }
  function ask() {
    if (!wanted()) return show("");
    var body = new URLSearchParams();
    ASKED.forEach(function (name) { body.append(name, value(name)); });
    if (body.toString() === last) return;
    last = body.toString();
    if (running) running.abort();
    running = new AbortController();
    fetch(box.dataset.address, { method: "POST", body: body, signal: running.signal })
      .then(function (answer) { return answer.status === 200 ? answer.text() : ""; })
      .then(show, function () { /* no connection, or asked anew: the step before sending shows the same */ });
  }
  form.addEventListener("input", function () { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  form.addEventListener("change", function () { clearTimeout(timer); timer = setTimeout(ask, WAIT); });
  ask();
})();
