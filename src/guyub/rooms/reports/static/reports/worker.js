/* Shows a line when the city pushes one: the number of a report or warning and its state, nothing else is sent. */
"use strict";
self.addEventListener("push", function (event) {
  var said = {};
  try { said = event.data.json(); } catch (error) { /* an empty push still has to show something */ }
  var number = String(said.number || "");
  event.waitUntil(self.registration.showNotification(number || "Guyub", {
    body: String(said.state || ""), tag: number, data: number
  }));
});
self.addEventListener("notificationclick", function (event) {
  event.notification.close();
  var number = String(event.notification.data || "");
  var address = /^LAP-\d{4}-\d{6,9}$/.test(number) ? "/laporan/" + number + "/" : "/";
  if (/^PRG-\d{4}-\d{6,9}$/.test(number)) { address = "/peringatan/" + number + "/"; }
  event.waitUntil(self.clients.openWindow(address));
});
