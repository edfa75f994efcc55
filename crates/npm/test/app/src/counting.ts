import { start } from "pathlight/browser";

declare const BUILD: string;
declare const COLLECTOR: string;

/** In milliseconds. */
const SOON = 100;

export const flush = start({ build: BUILD, url: `${COLLECTOR}/v1/reports`, interval: SOON });
