import { DOMParser, parseHTML } from "linkedom";
import { refused, show } from "../shared/kit.cjs";
const { document, customElements, HTMLElement, Event } = parseHTML("<!doctype html><html><body><ul id=a><li class='x y'>1<li>2</ul><x-y name=b><p slot=s>c</p></x-y></body></html>");
const log = [];
customElements.define("x-y", class extends HTMLElement {
    static observedAttributes = ["name"];
    connectedCallback() { log.push(`connected ${this.getAttribute("name")}`); }
    attributeChangedCallback(name, before, after) { log.push(`${name}: ${before} > ${after}`); }
});
document.querySelector("x-y").setAttribute("name", "d");
const list = document.getElementById("a");
list.append(...[3, 4].map((n) => Object.assign(document.createElement("li"), { textContent: n })));
list.addEventListener("click", (event) => log.push([event.type, event.target.textContent]));
list.lastElementChild.dispatchEvent(new Event("click", { bubbles: true }));
list.firstElementChild.classList.toggle("x");
list.children[1].outerHTML = "<li data-a-b=c>two</li>";
show("query", [document.querySelectorAll("ul > li:not(.y):nth-child(even), [slot^=s]").length, list.querySelector("[data-a-b]").dataset.aB, list.closest("body").tagName]);
const walker = document.createTreeWalker(document.body, 4);
for (let node; (node = walker.nextNode()); ) log.push(node.nodeValue);
show("log", log);
show("html", document.toString());
const xml = new DOMParser().parseFromString("<a xmlns:b='c'><b:d e='f'>g</b:d></a>", "text/xml");
show("xml", [xml.querySelector("a").innerHTML, xml.documentElement.cloneNode(true).childNodes.length]);
refused("wrong", () => document.querySelector("li["));
