// The page of one file: from one never-run place to the next, and counts in the text.
"use strict";

{
  const output = document.getElementById("stop");
  const stops = Number(output?.dataset.stops ?? 0);
  /** Where never-run code begins, and the first of changed lines that follow one another and of which not all ran. */
  const places = Array.from({ length: stops }, (_, i) => () => document.getElementById(`N${i + 1}`));
  const changed = [...document.querySelectorAll(".l.changed:is(.never, .partly)")];
  const first = changed.filter((line, i) => i === 0 || number(line) !== number(changed[i - 1]) + 1);
  let steps = { places, what: "never run" };
  let current = 0;

  function number(line) {
    return Number(line.id.slice(1));
  }

  const show = (step) => {
    document.querySelector(".here")?.classList.remove("here");
    current = step;
    const place = steps.places[step - 1]();
    place.classList.add("here");
    // Twice: the first time lays out what was out of sight, and so may move the place.
    place.scrollIntoView({ block: "center" });
    requestAnimationFrame(() => place.scrollIntoView({ block: "center" }));
    output.textContent = `${current} of ${steps.places.length} ${steps.what}`;
  };

  const step = (by) => {
    const all = steps.places.length;
    if (all) show(((current + by - 1 + all) % all) + 1);
  };
  const next = () => step(1);
  const previous = () => step(current ? -1 : 0);

  const button = document.getElementById("counts");
  const toggleCounts = () => {
    const isShown = document.querySelector(".code").classList.toggle("counts");
    button.setAttribute("aria-pressed", String(isShown));
  };

  const onlyChanged = document.getElementById("changes");
  const toggleChanges = () => {
    if (!onlyChanged) return false;
    const isOn = onlyChanged.getAttribute("aria-pressed") !== "true";
    onlyChanged.setAttribute("aria-pressed", String(isOn));
    const ofChange = { places: first.map((line) => () => line), what: "changed and never run" };
    steps = isOn ? ofChange : { places, what: "never run" };
    current = 0;
    output.textContent = `${steps.places.length} ${steps.what}`;
  };

  if (output) {
    document.getElementById("next").addEventListener("click", next);
    document.getElementById("previous").addEventListener("click", previous);
    button.addEventListener("click", toggleCounts);
    onlyChanged?.addEventListener("click", toggleChanges);
    onKeys({ n: next, p: previous, c: toggleCounts, d: toggleChanges });
  }
  onKeys({ u: () => document.getElementById("up").click() });
}
