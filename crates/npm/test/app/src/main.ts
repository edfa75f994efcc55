import "./counting";
import "./style.css";
import { Tasks, type Task } from "./tasks";

const tasks = new Tasks();
const form = document.querySelector("form")!;
const list = document.querySelector("ul")!;

function item(task: Task, index: number): HTMLLIElement {
  const element = document.createElement("li");
  element.textContent = task.title;
  if (task.done) element.classList.add("done");
  element.addEventListener("click", () => {
    tasks.toggle(index);
    show();
  });
  return element;
}

const show = (): void => list.replaceChildren(...tasks.all.map(item));

form.addEventListener("submit", (event) => {
  event.preventDefault();
  const title = new FormData(form).get("title");
  if (typeof title === "string" && tasks.add(title.trim())) {
    form.reset();
    show();
  }
});

document.querySelector("#statistics")!.addEventListener("click", async () => {
  const { statistics } = await import("./statistics");
  document.querySelector("output")!.textContent = await statistics(tasks.all);
});

show();
