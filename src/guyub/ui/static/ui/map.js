/* Three maps over Leaflet: [data-map="list"] shows reports, [data-map="pick"] lets a person point at a place,
   [data-map="areas"] writes the numbers of a table into the areas that its rows name.
   Words come from data attributes (so they can be translated); data is only ever written as text.
   The README lists the attributes and the shape of the data. */
(function () {
  "use strict";
  if (!window.L) return;
  var TONES = ["waiting", "progress", "done", "confirmed", "scheduled", "rejected", "overdue", "hazard", "info"];
  var CELL = 64;          // a cluster gathers the pins of one square of so many pixels
  var APART_FROM = 17;    // from this zoom on, every pin stands alone
  var NAMES_FROM = 13;    // from this zoom on, places carry their names

  function make(tag, className, text) {
    var element = document.createElement(tag);
    if (className) element.className = className;
    if (text !== undefined) element.textContent = text;
    return element;
  }

  function icon(className, size, anchor, inner) {
    return L.divIcon({ className: className, iconSize: [size, size], iconAnchor: anchor, popupAnchor: [0, -30], html: inner });
  }

  /* A marker that says its name to a screen reader; Leaflet itself makes it focusable and open on Enter. */
  function marker(at, look, name, options) {
    var made = L.marker(at, Object.assign({ icon: look, keyboard: true, riseOnHover: true }, options));
    made.on("add", function () {
      var element = made.getElement();
      if (element) element.setAttribute("aria-label", name);
    });
    return made;
  }

  function pin(tone) {
    var known = TONES.indexOf(tone) < 0 ? "info" : tone;
    return icon("pin tone-" + known, 44, [22, 40], make("span", "pin-drop"));
  }

  function fetchJson(url) {
    return fetch(url, { headers: { Accept: "application/json" }, credentials: "same-origin" }).then(function (answer) {
      if (!answer.ok) throw new Error(String(answer.status));
      return answer.json();
    });
  }

  function number(text, otherwise) {
    var value = parseFloat(text);
    return isFinite(value) ? value : otherwise;
  }

  function escaped(text) { return make("i", "", text).innerHTML; }

  /* Codes tell what lies in what: 32.73.02.1004 in 32.73.02. */
  function inside(outer, shape) { return shape.properties.code.indexOf(outer.properties.code + ".") === 0; }

  /* Of a place that the map is about: its own line, what surrounds it, and no ground over what lies in it. */
  function look(shape, chosen, shapes) {
    if (!chosen) return "";
    if (shape !== chosen) return inside(chosen, shape) ? "" : " outline-beside";
    return shapes.features.some(function (one) { return inside(chosen, one); }) ? " outline-here outline-around" : " outline-here";
  }

  /* Names of places, once the view is near enough; a name that would cover another is left out. */
  function names(map, shapes) {
    var layer = L.layerGroup();
    map.createPane("names").classList.add("map-names");
    function draw() {
      layer.clearLayers();
      if (map.getZoom() < NAMES_FROM) return;
      var taken = [];
      var room = L.bounds([0, 0], map.getSize());
      shapes.forEach(function (shape) {
        var said = shape.properties;
        if (!said.at) return;
        var middle = map.latLngToContainerPoint([said.at[1], said.at[0]]);
        var half = L.point(said.name.length * 3.6 + 4, 10);
        var box = L.bounds(middle.subtract(half), middle.add(half));
        if (!room.contains(box) || taken.some(function (other) { return other.overlaps(box); })) return;
        taken.push(box);
        L.marker([said.at[1], said.at[0]], {
          icon: icon("map-name", 0, [0, 0], make("span", "", said.name)), pane: "names", interactive: false, keyboard: false
        }).addTo(layer);
      });
    }
    layer.addTo(map);
    map.on("moveend", draw);
    draw();
  }

  /* What both maps share: controls with translated words, tiles if the city has any, the outline. */
  function open(box) {
    var data = box.dataset;
    var still = window.matchMedia && window.matchMedia("(prefers-reduced-motion: reduce)").matches;
    var map = L.map(box, {
      zoomControl: false, attributionControl: false, maxZoom: 19, minZoom: 8, zoomSnap: 0.5,
      zoomAnimation: !still, fadeAnimation: !still, markerZoomAnimation: !still
    });
    L.control.zoom({ position: "bottomright", zoomInTitle: data.zoomIn || "+", zoomOutTitle: data.zoomOut || "−" }).addTo(map);
    if (data.label) { box.setAttribute("role", "region"); box.setAttribute("aria-label", data.label); }
    if (data.tiles) {
      L.tileLayer(data.tiles, { maxZoom: 19 }).addTo(map);
      box.classList.add("map-tiles");
    }
    if (data.attribution) {
      L.control.attribution({ prefix: false }).addAttribution(escaped(data.attribution)).addTo(map);
    }
    map.setView([number(data.lat, -6.9147), number(data.lon, 107.6098)], number(data.zoom, 12));
    var ready = data.base ? fetchJson(data.base).then(function (shapes) {
      var chosen = (shapes.features || []).filter(function (shape) { return shape.properties.here; });
      var outline = L.geoJSON(shapes, { interactive: false, style: function (shape) {
        return { className: "outline" + look(shape, chosen[0], shapes) };
      } });
      outline.addTo(map);
      var whole = (chosen.length ? L.geoJSON(chosen[0]) : outline).getBounds();
      if (!data.zoom && whole.isValid()) map.fitBounds(whole, { padding: chosen.length ? [18, 18] : [8, 8], animate: false });
      var nearness = function (shape) { return shape.properties.here ? 0 : chosen.length && !inside(chosen[0], shape) ? 2 : 1; };
      names(map, (shapes.features || []).slice().sort(function (a, b) { return nearness(a) - nearness(b); }));
      return shapes;
    }).catch(function () { /* the map still works without its outline */ }) : Promise.resolve();
    return { map: map, ready: ready };
  }

  function speaker(box) {
    var line = document.getElementById(box.dataset.say || "");
    if (!line) {
      line = make("p", "map-say");
      box.after(line);
    }
    line.setAttribute("role", "status");
    return function (text) { line.textContent = text || ""; };
  }

  /* ---- the list: pins, and at low zoom their gatherings -------------------------------------------- */

  function popup(report, words) {
    var body = make("div", "stack");
    body.append(make("strong", "", report.t));
    if (report.w) body.append(make("div", "meta", report.w));
    if (report.u) {
      var link = make("a", "", words.open || report.t);
      link.href = new URL(report.u, location.href).protocol.indexOf("http") === 0 ? report.u : "#";
      var row = make("div");
      row.append(link);
      body.append(row);
    }
    return body;
  }

  function gather(map, reports, zoom, room) {
    var squares = new Map();
    reports.forEach(function (report) {
      if (!room.contains([report.lat, report.lon])) return;
      var at = map.project([report.lat, report.lon], zoom);
      var corner = L.point(Math.floor(at.x / CELL), Math.floor(at.y / CELL));
      var key = zoom >= APART_FROM ? "n" + report.n : corner.x + ":" + corner.y;
      var square = squares.get(key);
      if (!square) squares.set(key, (square = { items: [], sum: L.point(0, 0), middle: corner.add([0.5, 0.5]).multiplyBy(CELL) }));
      square.items.push(report);
      square.sum = square.sum.add(at);
    });
    return squares;
  }

  /* Counts of cells, gathered by the same squares. */
  function gatherCells(map, cells, zoom) {
    var squares = new Map();
    cells.forEach(function (cell) {
      var at = map.project([cell.lat, cell.lon], zoom);
      var corner = L.point(Math.floor(at.x / CELL), Math.floor(at.y / CELL));
      var key = corner.x + ":" + corner.y;
      var square = squares.get(key);
      if (!square) squares.set(key, (square = { items: [], count: 0, sum: L.point(0, 0), middle: corner.add([0.5, 0.5]).multiplyBy(CELL) }));
      square.items.push(cell);
      square.count += cell.n;
      square.sum = square.sum.add(at);
    });
    return squares;
  }

  /* Where a gathering stands: the mean of its pins, but near the middle of its square, so that none overlap. */
  function standing(map, square, zoom) {
    var lean = square.sum.divideBy(square.items.length).subtract(square.middle);
    var most = CELL / 8;
    lean = L.point(Math.max(-most, Math.min(most, lean.x)), Math.max(-most, Math.min(most, lean.y)));
    return map.unproject(square.middle.add(lean), zoom);
  }

  function crowd(map, at, many, words) {
    var size = many < 10 ? 36 : many < 100 ? 42 : 48;
    var name = (words.many || "{n}").replace("{n}", many);
    return marker(at, icon("pin-many", size, [size / 2, size / 2], make("span", "", many)), name)
      .on("click keypress", function (event) {
        if (event.type === "keypress" && event.originalEvent.key !== "Enter") return;
        map.getContainer().focus({ preventScroll: true });
        map.setView(at, Math.min(map.getZoom() + 2, 19));
      });
  }

  /* What is asked for: the view and a bit more, to whole steps, so that neighbours' questions are the same one. */
  function asked(map) {
    var wide = map.getBounds().pad(0.15);
    var step = wide.getEast() - wide.getWest() > 0.1 ? 0.02 : 0.005;
    function down(degrees) { return Math.floor(degrees / step) * step; }
    return L.latLngBounds(
      [down(wide.getSouth()), down(wide.getWest())],
      [down(wide.getNorth()) + step, down(wide.getEast()) + step]
    );
  }

  function boxed(source, bounds) {
    var url = new URL(source, location.href);
    var sides = [bounds.getWest(), bounds.getSouth(), bounds.getEast(), bounds.getNorth()];
    url.searchParams.set("bbox", sides.map(function (side) { return side.toFixed(3); }).join(","));
    return url.href;
  }

  function list(box) {
    var words = box.dataset;
    var say = speaker(box);
    var opened = open(box);
    var map = opened.map;
    var layer = L.layerGroup().addTo(map);
    var have = null;        // what the server answered, and for which piece of the map
    var drawn = null;
    var question = 0;

    /* Only what is near the view stands in the page. A small move (a popup making room for itself) keeps it. */
    function draw() {
      var zoom = Math.round(map.getZoom());
      if (!have || (drawn && drawn.zoom === zoom && drawn.room.contains(map.getBounds()))) return;
      drawn = { zoom: zoom, room: map.getBounds().pad(0.6) };
      layer.clearLayers();
      gather(map, have.reports, zoom, drawn.room).forEach(function (square) {
        var count = square.items.length;
        if (count > 1) {
          crowd(map, standing(map, square, zoom), count, words).addTo(layer);
          return;
        }
        var report = square.items[0];
        marker([report.lat, report.lon], pin(report.s), report.t)
          .bindPopup(function () { return popup(report, words); }, { maxWidth: Math.min(300, box.clientWidth - 70) })
          .addTo(layer);
      });
      gatherCells(map, have.cells, zoom).forEach(function (square) {
        crowd(map, standing(map, square, zoom), square.count, words).addTo(layer);
      });
    }

    /* Counts stand for what is not shown as points: from nearer there may be points, so a new zoom asks again. */
    function enough(zoom) {
      return have && have.room.contains(map.getBounds()) && (have.zoom === zoom || !have.cells.length);
    }

    function load() {
      var zoom = Math.round(map.getZoom());
      if (enough(zoom)) return draw();
      var mine = (question += 1);
      var room = asked(map);
      if (!have) say(words.loading);
      return fetchJson(boxed(words.source, room)).then(function (data) {
        if (mine !== question) return;
        have = { reports: data.reports || [], cells: data.cells || [], room: room, zoom: zoom };
        drawn = null;
        draw();
        say(have.reports.length + have.cells.length ? "" : words.none);
      }).catch(function () { if (mine === question) say(words.failed); });
    }

    say(words.loading);
    opened.ready.then(function () {
      load();
      var waiting = 0;
      map.on("moveend", function () {
        draw();
        clearTimeout(waiting);
        waiting = setTimeout(load, 150);
      });
    });
  }

  /* ---- the pick: one marker, moved by tap, drag, Enter or the phone's own position ------------------- */

  function pick(box) {
    var words = box.dataset;
    var lat = document.getElementById(words.latId);
    var lon = document.getElementById(words.lonId);
    if (!lat || !lon) return;
    var say = speaker(box);
    var opened = open(box);
    var map = opened.map;
    var point = null;

    function place(at, how, quiet) {
      if (!point) {
        point = marker(at, icon("pin pin-pick", 48, [24, 44], make("span", "pin-drop")), words.marker || "", { draggable: true, autoPan: true });
        point.on("dragend", function () { place(point.getLatLng(), "drag"); });
        point.addTo(map);
      }
      at = L.latLng(at);
      point.setLatLng(at);
      lat.value = at.lat.toFixed(6);
      lon.value = at.lng.toFixed(6);
      if (quiet) return;
      say(words.picked);
      box.dispatchEvent(new CustomEvent("guyub:picked", {
        bubbles: true, detail: { lat: Number(lat.value), lon: Number(lon.value), how: how }
      }));
    }

    map.on("click", function (event) { place(event.latlng, "tap"); });
    box.addEventListener("keydown", function (event) {
      if (event.key !== "Enter" || event.target !== box) return;
      event.preventDefault();
      place(map.getCenter(), "key");
    });

    var before = [number(lat.value, NaN), number(lon.value, NaN)];
    opened.ready.then(function () {
      if (!isFinite(before[0]) || !isFinite(before[1]) || point) return;
      map.setView(before, 17);
      place(before, "before", true);
    });

    var button = document.getElementById(words.locateId || "");
    if (!button || !navigator.geolocation) return;
    button.hidden = false;
    button.addEventListener("click", function () {
      button.disabled = true;
      say(words.locating);
      navigator.geolocation.getCurrentPosition(function (found) {
        button.disabled = false;
        var at = [found.coords.latitude, found.coords.longitude];
        map.setView(at, 17);
        place(at, "gps");
        if (words.accuracy) say(words.accuracy.replace("{m}", Math.round(found.coords.accuracy)));
      }, function (problem) {
        button.disabled = false;
        say(problem.code === 1 ? words.denied : words.notFound);
      }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 60000 });
    });
  }

  /* ---- areas: what stands in a table, once more where it is ------------------------------------------ */

  /* A row's cells under its name: what the table says of the place, with the same links. */
  function rowSaid(row) {
    var body = make("div", "stack");
    Array.prototype.forEach.call(row.cells, function (cell) {
      var line = make("div");
      if (cell.dataset.label) line.append(cell.dataset.label + ": ");
      Array.prototype.forEach.call(cell.childNodes, function (part) { line.append(part.cloneNode(true)); });
      body.append(line);
    });
    return body;
  }

  function areas(box) {
    var words = box.dataset;
    var opened = open(box);
    opened.ready.then(function (shapes) {
      (shapes ? shapes.features : []).forEach(function (shape) {
        var row = document.querySelector("#" + words.table + ' tr[data-code="' + shape.properties.code + '"]');
        var at = shape.properties.at;
        if (!row || !at || row.dataset.n === "0") return;
        var look = icon("pin-many", 32, [16, 16], make("span", "", row.dataset.n));
        marker([at[1], at[0]], look, shape.properties.name + ": " + row.dataset.n)
          .bindPopup(function () { return rowSaid(row); }, { maxWidth: Math.min(300, box.clientWidth - 70), offset: [0, 12] })
          .addTo(opened.map);
      });
    });
  }

  var KINDS = { list: list, pick: pick, areas: areas };

  function start(part) {
    part.querySelectorAll("[data-map]:not(.leaflet-container)").forEach(function (box) {
      KINDS[box.dataset.map](box);
    });
  }
  start(document);
  document.addEventListener("htmx:load", function (event) { if (event.target !== document.body) start(event.target); });
})();
