/* The form of a flood report, a little quicker: the phone's own position, and a map that loads only when asked for.
   Without this script the list of kelurahan does. */
(function () {
  "use strict";
  var form = document.getElementById("flood-form");
  if (!form) return;
  var words = form.dataset;
  var map = document.getElementById("map");
  var say = document.getElementById("map-say");
  var locate = document.getElementById("locate");
  var open = document.getElementById("open-map");
  var lat = document.getElementById("id_lat");
  var lon = document.getElementById("id_lon");

  function load(tag, values) {
    return new Promise(function (done, failed) {
      var element = Object.assign(document.createElement(tag), values);
      element.onload = done;
      element.onerror = failed;
      document.head.append(element);
    });
  }

  function told(text) { say.textContent = text; say.hidden = false; }

  if (navigator.geolocation) {
    locate.hidden = false;
    locate.addEventListener("click", function () {
      told(words.locating);
      navigator.geolocation.getCurrentPosition(function (found) {
        lat.value = found.coords.latitude.toFixed(6);
        lon.value = found.coords.longitude.toFixed(6);
        told(words.picked);
      }, function (problem) { told(problem.code === 1 ? words.denied : words.notFound); }, { timeout: 15000, enableHighAccuracy: true });
    });
  }
  if (!map) return;
  open.hidden = false;
  open.addEventListener("click", function () {
    open.disabled = true;
    map.hidden = false;
    load("link", { rel: "stylesheet", href: words.leafletCss }).then(function () {
      return load("script", { src: words.leaflet });
    }).then(function () { return load("script", { src: words.mapScript }); }).then(function () {
      open.hidden = true;
    }, function () { open.disabled = false; map.hidden = true; });
  });
})();
