"use strict";
/* Incidents by keyboard, countdowns, and forms that are sent once. The pages work without it. */
(() => {
  const busy = (element) => element && (element.isContentEditable || /^(INPUT|TEXTAREA|SELECT)$/.test(element.tagName));
  const row = () => document.querySelector("tr.chosen[data-number], tr[data-number]:focus");
  const form_key = () => (document.querySelector("input[name=form_key]") || {}).value || "";

  const post = (address) => {
    const form = document.createElement("form");
    form.method = "post";
    form.action = address;
    const key = document.createElement("input");
    key.type = "hidden";
    key.name = "form_key";
    key.value = form_key();
    form.append(key);
    document.body.append(form);
    form.submit();
  };

  const keys = {
    a: () => {
      const button = document.querySelector("[data-act=a]");
      if (button) return button.form.requestSubmit(button);
      const one = row();
      if (one && one.querySelector("input[name=number]")) post(`/incidents/${one.dataset.number}/ack`);
    },
    n: () => {
      const field = document.getElementById("note");
      if (field) return field.focus();
      const one = row();
      if (one) location.assign(`/incidents/${one.dataset.number}#note`);
    },
    x: () => {
      const box = row() && row().querySelector("input[name=number]");
      if (box) box.checked = !box.checked;
    },
  };

  document.addEventListener("keydown", (event) => {
    if (event.ctrlKey || event.metaKey || event.altKey || busy(event.target)) return;
    const act = keys[event.key];
    if (act) {
      event.preventDefault();
      act();
    }
  });

  document.addEventListener("submit", (event) => {
    const form = event.target;
    if (!form.classList.contains("once")) return;
    if (form.dataset.sent) return event.preventDefault();
    form.dataset.sent = "1";
  });
  addEventListener("pageshow", () => document.querySelectorAll("form.once").forEach((form) => delete form.dataset.sent));

  const two = (number) => String(number).padStart(2, "0");
  const tick = () => {
    for (const each of document.querySelectorAll("[data-until]")) {
      const left = Math.round((Date.parse(each.dataset.until) - Date.now()) / 1000);
      each.textContent = left > 0 ? `${Math.floor(left / 60)}:${two(left % 60)}` : "0:00";
      each.classList.toggle("near", left <= 120);
    }
  };
  if (document.querySelector("[data-until]")) tick();
  setInterval(tick, 1000);

  if (location.hash === "#note") {
    const field = document.getElementById("note");
    if (field) field.focus();
  }
})();
