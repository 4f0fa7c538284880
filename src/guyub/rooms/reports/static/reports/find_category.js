/* Finding one of many categories by a word. Without this file they are chosen from the grouped list alone. */
(function () {
  "use strict";
  var box = document.getElementById("find-category");
  var list = document.getElementById("id_category");
  if (!box || !list) return;
  var typed = document.getElementById("category-words");
  var found = document.getElementById("category-found");
  var line = document.getElementById("category-found-say");
  var MOST = 6;

  var all = Array.from(list.options).filter(function (option) { return option.value; }).map(function (option) {
    var names = (option.textContent + ";" + (option.dataset.words || "")).toLowerCase().split(";").map(plain);
    return { option: option, names: names, said: " " + names.join(" "), more: " " + plain(option.dataset.hint || "") };
  });

  function plain(text) { return text.toLowerCase().split(/[^\p{L}\p{N}]+/u).filter(Boolean).join(" "); }

  /* Every word that was typed must begin a word: best if it is what people call it, then a name, then the hint. */
  function score(one, asked) {
    return asked.split(" ").reduce(function (sum, word) {
      if (sum < 0) return sum;
      if (one.said.indexOf(" " + word) >= 0) return sum + 3;
      return one.more.indexOf(" " + word) >= 0 ? sum + 1 : -1;
    }, one.names.indexOf(asked) >= 0 ? 5 : 0);
  }
  function choose(option) {
    list.value = option.value;
    list.dispatchEvent(new Event("change", { bubbles: true }));
    list.dispatchEvent(new Event("input", { bubbles: true }));
    found.textContent = "";
    typed.value = "";
    line.textContent = box.dataset.chosen.replace("{name}", option.textContent);
    list.focus();
  }
  function search() {
    var asked = plain(typed.value);
    found.textContent = line.textContent = "";
    if (asked.length < 2) return;
    var best = all.map(function (one) { return { option: one.option, score: score(one, asked) }; })
      .filter(function (one) { return one.score >= 0; })
      .sort(function (a, b) { return b.score - a.score; })
      .slice(0, MOST);
    best.forEach(function (one) {
      var button = document.createElement("button");
      button.type = "button";
      button.className = "btn btn-quiet btn-small";
      button.textContent = one.option.textContent;
      button.addEventListener("click", function () { choose(one.option); });
      found.append(button);
    });
    line.textContent = best.length ? box.dataset.found.replace("{n}", best.length) : box.dataset.none;
  }

  typed.addEventListener("input", function (event) { event.stopPropagation(); search(); });
  typed.addEventListener("keydown", function (event) {
    if (event.key !== "Enter") return;
    event.preventDefault(); /* Enter chooses the only match; it never sends the report */
    if (found.children.length === 1) found.firstChild.click();
  });
  box.hidden = false;
})();
