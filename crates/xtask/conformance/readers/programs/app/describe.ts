import type { Item } from "./items.ts";

/** Says what there is. */
export function describe(items: Item[], sum: number): string {
  let text = "";
  for (const { name, level } of items) {
    switch (level) {
      case 0:
        text += `${name} (low) `;
        break;
      default:
        text += `${name} (high) `;
    }
  }
  return text + sum;
}
