/* What the chosen category asks, unfolded while one fills the form in. Without this file a required question is asked
   in a second step; without a network the report goes without answers. */
(function () {
  "use strict";
  var box = document.getElementById("questions");
  var list = document.getElementById("id_category");
  var form = box && box.closest("form");
  if (!form || !list) return;
  var shown = form.elements.asked_for ? form.elements.asked_for.value : "";

  function show(part) {
    var page = new DOMParser().parseFromString(part, "text/html");
    box.replaceChildren.apply(box, Array.from(page.body.childNodes));
    box.hidden = !part;
  }
  function fill(fields) {
    Array.from(box.querySelectorAll("[name]")).forEach(function (one) {
      var said = [].concat(fields[one.name] === undefined ? [] : fields[one.name]);
      if (one.type === "checkbox" || one.type === "radio") one.checked = said.indexOf(one.value) >= 0;
      else if (said.length && one.type !== "hidden") one.value = said[0];
    });
  }
  function ask(fields) {
    var code = list.value;
    if (code === shown) return;
    shown = code;
    if (!code) { show(""); return; }
    fetch(box.dataset.address + "?kategori=" + encodeURIComponent(code), { credentials: "same-origin" })
      .then(function (answer) { return answer.status === 200 ? answer.text() : ""; })
      .then(function (part) {
        if (code !== list.value) return;
        show(part);
        if (fields) fill(fields);
      }, function () { shown = ""; show(""); });
  }

  list.addEventListener("change", function () { ask(null); });
  form.addEventListener("guyub:filled", function (event) { ask(event.detail); });
  ask(null);
})();
