/* The round: ordered from where one stands, each time to the nearest that is left; drawn without any other's map. */
(function () {
  "use strict";
  var list = document.getElementById("round-stops"), button = document.getElementById("round-near");
  var sheet = document.getElementById("round-map"), line = document.getElementById("round-say");
  if (!list || !button) return;
  var SVG = "http://www.w3.org/2000/svg";

  function metres(a, b) {
    var x = (b.lon - a.lon) * Math.cos((a.lat + b.lat) * Math.PI / 360);
    return Math.hypot(x, b.lat - a.lat) * 111195;
  }
  function stops() {
    return Array.from(list.children).map(function (item) {
      return { item: item, lat: parseFloat(item.dataset.lat), lon: parseFloat(item.dataset.lon) };
    });
  }
  function inOrder(here) {
    var left = stops(), known = left.filter(function (one) { return !isNaN(one.lat); });
    var order = [], at = here;
    while (known.length) {
      var next = known.reduce(function (best, one) { return metres(at, one) < metres(at, best) ? one : best; });
      next.metres = metres(at, next);
      order.push(next);
      known.splice(known.indexOf(next), 1);
      at = next;
    }
    return order.concat(left.filter(function (one) { return isNaN(one.lat); }));
  }
  function said(metres) {
    if (metres === undefined) return "";
    var km = metres >= 1000;
    return new Intl.NumberFormat(document.documentElement.lang, {
      style: "unit", unit: km ? "kilometer" : "meter", maximumFractionDigits: km ? 1 : 0
    }).format(km ? metres / 1000 : Math.round(metres / 10) * 10);
  }
  function part(name, values, text) {
    var made = document.createElementNS(SVG, name);
    Object.keys(values).forEach(function (key) { made.setAttribute(key, values[key]); });
    if (text) made.textContent = text;
    return made;
  }
  function draw(here, order) {
    var points = (here ? [here] : []).concat(order.filter(function (one) { return !isNaN(one.lat); }));
    sheet.textContent = "";
    sheet.hidden = points.length < 2;
    if (sheet.hidden) return;
    var lats = points.map(function (p) { return p.lat; }), lons = points.map(function (p) { return p.lon; });
    var south = Math.min.apply(null, lats), north = Math.max.apply(null, lats);
    var west = Math.min.apply(null, lons), east = Math.max.apply(null, lons);
    var narrow = Math.cos((south + north) * Math.PI / 360), size = Math.max(north - south, (east - west) * narrow, 1e-5);
    function place(p) {
      return [160 + (p.lon - (west + east) / 2) * narrow / size * 260, 160 + ((south + north) / 2 - p.lat) / size * 260];
    }
    var drawing = part("svg", { viewBox: "0 0 320 320", width: "320", height: "320", role: "img", "aria-label": sheet.dataset.label });
    drawing.append(part("polyline", {
      points: points.map(function (p) { return place(p).join(","); }).join(" "), fill: "none", stroke: "#0b5d57", "stroke-width": "2", "stroke-dasharray": "5 4"
    }));
    points.forEach(function (p, n) {
      var at = place(p), mine = p === here;
      drawing.append(part("circle", { cx: at[0], cy: at[1], r: mine ? 7 : 11, fill: mine ? "#e0a030" : "#0b5d57", stroke: "#fff", "stroke-width": "2" }));
      if (!mine) drawing.append(part("text", { x: at[0], y: at[1] + 4, "text-anchor": "middle", "font-size": "12", fill: "#fff" }, String(n + (here ? 0 : 1))));
    });
    sheet.append(drawing);
  }
  function arrange(here) {
    var order = inOrder(here);
    order.forEach(function (one) {
      list.append(one.item);
      var far = one.item.querySelector("[data-far]");
      far.textContent = said(one.metres);
      far.hidden = !far.textContent;
    });
    draw(here, order);
  }
  draw(null, stops());
  if (!navigator.geolocation || !window.isSecureContext) return;
  button.hidden = false;
  button.addEventListener("click", function () {
    navigator.geolocation.getCurrentPosition(function (found) {
      line.textContent = "";
      arrange({ lat: found.coords.latitude, lon: found.coords.longitude });
    }, function () { line.textContent = button.dataset.fail; }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
  });
})();
