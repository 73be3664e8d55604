// What pages can do beyond forms and links. Everything here is an extra: without it the same forms still work.
"use strict";

(() => {
  const each = (root, selector, action) => root.querySelectorAll(selector).forEach(action);

  // After a form came back with errors the reader starts at the summary, as a screen reader user would expect.
  function focusErrorSummary() {
    document.querySelector(".error-summary")?.focus();
  }

  // Diacritics and case do not matter when looking for someone: "celine" finds Céline.
  const folded = (text) => text.normalize("NFD").replace(/\p{M}/gu, "").toLowerCase();

  function setUpPicker(picker) {
    const list = picker.querySelector(".picker-list");
    const search = picker.querySelector("input[type=search]");
    const status = picker.querySelector(".picker-status");
    const boxes = () => [...list.querySelectorAll("input[type=checkbox]")];
    const shown = () => boxes().filter((box) => !box.closest(".choice").hidden);

    function tell() {
      const ticked = boxes().filter((box) => box.checked).length;
      status.textContent = picker.dataset.status.replace("{ticked}", ticked).replace("{shown}", shown().length);
    }

    function filter() {
      const wanted = folded(search.value.trim());
      boxes().forEach((box) => {
        const choice = box.closest(".choice");
        choice.hidden = wanted !== "" && !folded(choice.textContent).includes(wanted);
      });
      tell();
    }

    if (search && picker.dataset.complete === "true") {
      search.addEventListener("input", filter);
      search.addEventListener("keydown", (event) => {
        if (event.key === "Enter") event.preventDefault();
      });
      each(picker, "[data-server-search]", (button) => { button.hidden = true; });
    }
    each(picker, "[data-tick]", (button) => button.addEventListener("click", () => {
      shown().forEach((box) => { box.checked = button.dataset.tick === "all"; });
      tell();
    }));
    list.addEventListener("change", tell);
    tell();
  }

  // The end of a training is at least its start: most trainings last one day, so the end follows until it is typed.
  function setUpPeriod(start) {
    const end = document.getElementById(start.dataset.endFollows);
    let followed = end.value === "" || end.value === start.value;
    end.addEventListener("input", () => { followed = false; });
    start.addEventListener("input", () => {
      if (followed) end.value = start.value;
    });
  }

  function setUp(root) {
    each(root, "[data-picker]", setUpPicker);
    each(root, "[data-end-follows]", setUpPeriod);
  }

  // What a reader folded open stays open when fresh figures arrive.
  let openBefore = [];
  document.addEventListener("htmx:beforeSwap", (event) => {
    openBefore = [...event.detail.target.querySelectorAll("details[open][id]")].map((details) => details.id);
  });
  document.addEventListener("htmx:afterSettle", (event) => {
    openBefore.forEach((id) => document.getElementById(id)?.setAttribute("open", ""));
    openBefore = [];
    setUp(event.detail.elt.parentElement ?? document);
  });

  // A part that refreshes by itself waits while someone types in it.
  document.addEventListener("htmx:beforeRequest", (event) => {
    const part = event.detail.elt;
    if (part.matches("[data-waits-for-typing]") && part.contains(document.activeElement)) event.preventDefault();
  });

  // What changed while the stream of changes was broken is not told again: look once when it is back.
  let missed = false;
  document.addEventListener("htmx:sseError", () => { missed = true; });
  document.addEventListener("htmx:sseOpen", (event) => {
    if (missed) each(event.target, '[hx-trigger~="sse:changed"]', (part) => htmx.trigger(part, "sse:changed"));
    missed = false;
  });

  setUp(document);
  focusErrorSummary();
})();
