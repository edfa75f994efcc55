// Whether texts can be read, as a function for the page.

/** Contrast of every text with what is behind it, as WCAG 2 computes it; the least, and where. */
export function leastContrast() {
  const canvas = new OffscreenCanvas(1, 1).getContext("2d", { willReadFrequently: true });
  const over = (colours) => {
    canvas.clearRect(0, 0, 1, 1);
    for (const colour of colours) {
      canvas.fillStyle = colour;
      canvas.fillRect(0, 0, 1, 1);
    }
    return [...canvas.getImageData(0, 0, 1, 1).data].slice(0, 3);
  };
  const luminance = (rgb) => {
    const [r, g, b] = rgb.map((v) => (v / 255 <= 0.04045 ? v / 255 / 12.92 : ((v / 255 + 0.055) / 1.055) ** 2.4));
    return 0.2126 * r + 0.7152 * g + 0.0722 * b;
  };
  let least = [21, ""];
  const walker = document.createTreeWalker(document.body, NodeFilter.SHOW_TEXT);
  while (walker.nextNode()) {
    const { parentElement, data } = walker.currentNode;
    if (!data.trim() || !parentElement.checkVisibility()) continue;
    const behind = [];
    for (let at = parentElement; at; at = at.parentElement) behind.unshift(getComputedStyle(at).backgroundColor);
    const text = luminance(over([...behind, getComputedStyle(parentElement).color]));
    const page = luminance(over(behind));
    const contrast = (Math.max(text, page) + 0.05) / (Math.min(text, page) + 0.05);
    if (contrast < least[0]) least = [contrast, `${parentElement.outerHTML.slice(0, 120)}`];
  }
  return least;
}
