/* Keys for the inbox: off until somebody switches them on, because single keys disturb speech input and screen
   readers (WCAG 2.1.4). The choice is kept in this browser. */
(function () {
  "use strict";
  var button = document.getElementById("pintasan");
  var sheet = document.getElementById("pintasan-lembar");
  if (!button || !sheet || !sheet.showModal) return;
  var KEY = "guyub-pintasan";
  var on = false;
  try { on = localStorage.getItem(KEY) === "1"; } catch (e) { /* no store: the choice lasts as long as the page */ }

  function say() {
    button.setAttribute("aria-pressed", on ? "true" : "false");
    (button.querySelector("span") || button).textContent = on ? button.dataset.on : button.dataset.off;
  }

  function links() { return Array.prototype.slice.call(document.querySelectorAll("#daftar .row-title a")); }

  function step(by) {
    var all = links();
    if (!all.length) return;
    var row = document.activeElement && document.activeElement.closest("#daftar .inbox-row");
    var now = row ? all.indexOf(row.querySelector(".row-title a")) : by > 0 ? -1 : all.length;
    var next = all[Math.max(0, Math.min(all.length - 1, now + by))];
    next.focus();
    next.closest(".inbox-row").scrollIntoView({ block: "nearest" });
  }

  function choose() {
    var row = document.activeElement && document.activeElement.closest("#daftar .inbox-row");
    var box = row && row.querySelector(".row-choice");
    if (box) box.click();
  }

  var deeds = { j: function () { step(1); }, k: function () { step(-1); }, x: choose, "?": function () { sheet.showModal(); } };

  document.addEventListener("keydown", function (event) {
    if (!on || event.ctrlKey || event.metaKey || event.altKey || sheet.open) return;
    var typing = event.target.closest("input:not([type=checkbox]), textarea, select, [contenteditable]");
    var deed = deeds[event.key];
    if (typing || !deed) return;
    event.preventDefault();
    deed();
  });

  button.addEventListener("click", function () {
    on = !on;
    try { localStorage.setItem(KEY, on ? "1" : "0"); } catch (e) { /* as above */ }
    say();
    if (on) sheet.showModal();
  });
  button.hidden = false;
  say();
})();
