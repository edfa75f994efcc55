// The page of one file: from one never-run place to the next, and counts in the text.
"use strict";

{
  const output = document.getElementById("stop");
  const stops = Number(output?.dataset.stops ?? 0);
  let current = 0;

  const show = (number) => {
    document.querySelector(".here")?.classList.remove("here");
    current = number;
    const place = document.getElementById(`N${current}`);
    place.classList.add("here");
    // Twice: the first time lays out what was out of sight, and so may move the place.
    place.scrollIntoView({ block: "center" });
    requestAnimationFrame(() => place.scrollIntoView({ block: "center" }));
    output.textContent = `${current} of ${stops} never run`;
  };

  const step = (by) => {
    if (!stops) return;
    show(((current + by - 1 + stops) % stops) + 1);
  };
  const next = () => step(1);
  const previous = () => step(current ? -1 : 0);

  const button = document.getElementById("counts");
  const toggleCounts = () => {
    const isShown = document.querySelector(".code").classList.toggle("counts");
    button.setAttribute("aria-pressed", String(isShown));
  };

  if (output) {
    document.getElementById("next").addEventListener("click", next);
    document.getElementById("previous").addEventListener("click", previous);
    button.addEventListener("click", toggleCounts);
    onKeys({ n: next, p: previous, c: toggleCounts });
  }
  onKeys({ u: () => document.getElementById("up").click() });
}
