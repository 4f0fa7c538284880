/* Proof of work in the page. The camera's button also asks the device when and where it was used; whoever refuses, or
   has no such device, sends all the same and the photo is marked as not proven. Photos are made small before sending. */
(function () {
  "use strict";
  var SMALL = 300 * 1024;

  function shrink(file) {
    if (!window.createImageBitmap || file.size <= SMALL) return Promise.resolve(file);
    return createImageBitmap(file, { imageOrientation: "from-image" }).then(function (image) {
      var side = 1600, quality = 0.8;
      function draw() {
        var scale = Math.min(1, side / Math.max(image.width, image.height));
        var canvas = document.createElement("canvas");
        canvas.width = Math.max(1, Math.round(image.width * scale));
        canvas.height = Math.max(1, Math.round(image.height * scale));
        canvas.getContext("2d").drawImage(image, 0, 0, canvas.width, canvas.height);
        return new Promise(function (done) { canvas.toBlob(done, "image/jpeg", quality); }).then(function (blob) {
          if (!blob) return file;
          if (blob.size <= SMALL || side < 700) return new File([blob], "foto.jpg", { type: "image/jpeg" });
          if (quality > 0.5) quality -= 0.15; else { side = Math.round(side * 0.8); quality = 0.7; }
          return draw();
        });
      }
      return draw();
    }).catch(function () { return file; });
  }

  function prepare(camera) {
    var form = camera.form, kept = [];
    function set(name, value) { if (form.elements[name]) form.elements[name].value = value; }
    function where() {
      if (!navigator.geolocation || !window.isSecureContext) return;
      navigator.geolocation.getCurrentPosition(function (found) {
        set("taken_lat", found.coords.latitude.toFixed(6));
        set("taken_lon", found.coords.longitude.toFixed(6));
        set("taken_accuracy", String(Math.round(found.coords.accuracy)));
      }, function () { /* refused or not found: sent without */ }, { enableHighAccuracy: true, timeout: 20000, maximumAge: 15000 });
    }
    camera.addEventListener("click", where);  // the device looks for itself while the photo is taken
    camera.addEventListener("change", function () {
      if (!camera.files.length) return;
      set("taken_at", new Date().toISOString());
      where();
      if (!window.DataTransfer) return;
      Promise.all(Array.from(camera.files).map(shrink)).then(function (photos) {
        var all = new DataTransfer();
        kept = kept.concat(photos).slice(-5);
        kept.forEach(function (photo) { all.items.add(photo); });
        camera.files = all.files;
        form.dispatchEvent(new CustomEvent("guyub:photos", { bubbles: true }));
      });
    });
  }
  document.querySelectorAll("input[data-capture=camera]").forEach(prepare);
})();
