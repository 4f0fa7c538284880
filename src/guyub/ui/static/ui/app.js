/* Small conveniences. Every page works when this file never arrives. */
(function () {
  "use strict";
  var root = document.documentElement;
  root.classList.add("js");

  /* <button data-copy="https://…" data-copied="Tersalin">; with data-copy-from="id" the words of a textarea */
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-copy]");
    if (!button || !navigator.clipboard) return;
    event.preventDefault();
    var source = button.dataset.copyFrom && document.getElementById(button.dataset.copyFrom);
    var copied = source ? source.value : new URL(button.dataset.copy, location.href).href;
    navigator.clipboard.writeText(copied).then(function () {
      var word = button.querySelector("span") || button;
      var before = word.textContent;
      if (!button.dataset.copied || before === button.dataset.copied) return;
      word.setAttribute("aria-live", "polite");
      word.textContent = button.dataset.copied;
      setTimeout(function () { word.textContent = before; }, 2500);
    }, function () { /* not allowed: the address stays visible beside the button */ });
  });

  /* <button data-share="https://…" data-title="…" hidden>: the phone's own sheet, where it has one; the address that
     stands beside it does without. */
  document.querySelectorAll("[data-share]").forEach(function (button) { button.hidden = !navigator.share; });
  document.addEventListener("click", function (event) {
    var button = event.target.closest("[data-share]");
    if (!button) return;
    navigator.share({ title: button.dataset.title, url: button.dataset.share }).catch(function () { /* changed their mind */ });
  });

  /* <form data-confirm="Tutup laporan ini?" data-yes="Ya, tutup" data-no="Batal">, or the same on its button.
     Listening before htmx does, so that it asks first too. */
  document.addEventListener("submit", function (event) {
    var form = event.target;
    var button = event.submitter;
    var asker = button && button.dataset.confirm ? button : form;
    if (!asker.dataset.confirm || form.dataset.confirmed) { delete form.dataset.confirmed; return; }
    event.preventDefault();
    event.stopImmediatePropagation();
    ask(asker.dataset, function () {
      form.dataset.confirmed = "yes";
      if (form.requestSubmit) form.requestSubmit(button); else form.submit();
    });
  }, true);

  function ask(words, yes) {
    var dialog = document.createElement("dialog");
    if (!dialog.showModal) { if (window.confirm(words.confirm)) yes(); return; }
    var text = document.createElement("p");
    text.id = "confirm-text";
    text.textContent = words.confirm;
    dialog.setAttribute("aria-labelledby", text.id);
    var actions = document.createElement("div");
    actions.className = "actions";
    [[words.yes || "OK", "primary", yes], [words.no || "✕", "quiet", null]].forEach(function (choice) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-" + choice[1];
      button.textContent = choice[0];
      button.addEventListener("click", function () { dialog.close(); if (choice[2]) choice[2](); });
      actions.append(button);
    });
    dialog.append(text, actions);
    dialog.addEventListener("close", function () { dialog.remove(); });
    document.body.append(dialog);
    dialog.showModal();
  }

  /* <div data-compare="words"> with two figures: laid upon each other, and a slider says how much of the second shows.
     An arrow key moves it by a twentieth. */
  function compare(pair) {
    var slider = document.createElement("input");
    slider.type = "range"; slider.step = 5; slider.value = 50;
    slider.setAttribute("aria-label", pair.dataset.compare);
    slider.addEventListener("input", function () { pair.style.setProperty("--cut", slider.value + "%"); });
    pair.removeAttribute("data-compare");
    pair.classList.add("compare-on");
    pair.append(slider);
  }

  /* Letters left in a textarea with maxlength; the words come from the field's data-left. */
  function count(area) {
    var field = area.closest("[data-left]");
    var most = Number(area.getAttribute("maxlength"));
    if (!field || !(most > 0)) return;
    var note = field.querySelector(".left");
    if (!note) {
      note = document.createElement("p");
      note.className = "left";
      field.append(note);
    }
    var left = most - area.value.length;
    note.textContent = field.dataset.left.replace("{n}", left);
    note.classList.toggle("left-over", left < 20);
    if (left < 20) note.setAttribute("aria-live", "polite"); else note.removeAttribute("aria-live");
  }
  document.addEventListener("input", function (event) {
    if (event.target.matches("textarea[maxlength]")) count(event.target);
  });
  document.addEventListener("reset", function (event) {
    setTimeout(function () { event.target.querySelectorAll("textarea[maxlength]").forEach(count); }); // it empties after this
  });
  function prepare(part) {
    part.querySelectorAll("textarea[maxlength]").forEach(count);
    part.querySelectorAll("[data-compare]").forEach(compare);
  }
  prepare(document);
  document.addEventListener("htmx:load", function (event) { prepare(event.target); });
})();
