/* The case page: a prepared answer goes into its field at once. Without this file the button beside it does the same. */
(function () {
  "use strict";
  document.querySelectorAll("[data-template-for]").forEach(function (select) {
    var area = document.getElementById(select.dataset.templateFor);
    var button = select.form && select.form.querySelector("[name=isi]");
    if (!area) return;
    if (button) button.hidden = true;
    var put = "";
    select.addEventListener("change", function () {
      var text = select.selectedOptions[0].dataset.text || "";
      var typed = area.value.trim();
      if (typed === put) typed = "";  // only what another template put there is replaced
      if (!text && typed) return;
      area.value = typed && text ? typed + "\n\n" + text : text;
      put = typed ? "" : text.trim();
      area.dispatchEvent(new Event("input", { bubbles: true }));
      var gap = area.value.indexOf("{");
      area.focus();
      if (gap >= 0) area.setSelectionRange(gap, area.value.indexOf("}", gap) + 1);
    });
  });
})();
