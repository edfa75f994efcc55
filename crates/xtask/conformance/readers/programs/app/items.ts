export enum Level {
  Low,
  High,
}

export interface Item {
  name: string;
  price: number;
  level: Level;
}

export const total = (items: Item[]): number => items.reduce((sum, { price }) => sum + (price || 0), 0);

export function neverCalled(items: Item[]): string {
  return items.length > 0 ? items[0].name : "none";
}
