/* The case page. Without this file a prepared answer is put in by the button beside it, and an act's link opens the page
   anew with that act's form. */
(function () {
  "use strict";
  /* An act unfolds where it stands, so that what is typed in another stays. */
  document.addEventListener("click", function (event) {
    var link = event.target.closest("[data-unfold]");
    if (!link || event.ctrlKey || event.metaKey || event.shiftKey) return;
    event.preventDefault();
    fetch(link.href, { credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok || answer.redirected) throw new Error(answer.status);
      return answer.text();
    }).then(function (text) {
      var page = new DOMParser().parseFromString(text, "text/html");
      var form = page.getElementById(link.dataset.unfold);
      if (!form || !form.matches("details")) throw new Error("gone");
      document.getElementById(link.dataset.unfold).replaceWith(form);
      form.dispatchEvent(new CustomEvent("htmx:load", { bubbles: true }));
      form.querySelector("summary").focus();
    }).catch(function () { location.href = link.href; });
  });

  document.addEventListener("htmx:load", function (event) { prepare(event.target); });
  prepare(document);

  function prepare(part) { part.querySelectorAll("[data-template-for]").forEach(function (select) {
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
  }); }
})();
