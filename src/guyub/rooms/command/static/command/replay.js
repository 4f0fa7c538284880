/* Plays what was: every five seconds the next ten minutes, until it is stopped or the present is reached. Without this
   file the links do the same by hand. */
(function () {
  "use strict";
  var button = document.querySelector("[data-play]");
  var next = document.querySelector("[data-step]");
  if (!button || !next) return;
  var words = button.textContent, waiting = 0;

  function play() {
    button.textContent = button.dataset.stop;
    waiting = setTimeout(function () { location.replace(next.href + "#putar"); }, 5000);
  }

  function stop() {
    clearTimeout(waiting);
    waiting = 0;
    button.textContent = words;
    history.replaceState(null, "", location.pathname + location.search);
  }

  button.hidden = false;
  button.addEventListener("click", function () { if (waiting) stop(); else play(); });
  if (location.hash === "#putar") play();
})();
