import MarkdownIt from "markdown-it";
import { MARKDOWN } from "./texts.js";

const markdown = new MarkdownIt({ html: true, linkify: true, typographer: true });

/** Renders pages of documentation. */
export const work = () => markdown.render(MARKDOWN);
