export interface Task {
  title: string;
  done: boolean;
}

const KEY = "tasks";

export class Tasks {
  #tasks: Task[] = JSON.parse(localStorage.getItem(KEY) ?? "[]");

  get all(): readonly Task[] {
    return this.#tasks;
  }

  add(title: string): boolean {
    const isNew = title !== "" && !this.#tasks.some((task) => task.title === title);
    if (isNew) this.#save([...this.#tasks, { title, done: false }]);
    return isNew;
  }

  toggle(index: number): void {
    this.#save(this.#tasks.map((task, at) => (at === index ? { ...task, done: !task.done } : task)));
  }

  #save(tasks: Task[]): void {
    this.#tasks = tasks;
    localStorage.setItem(KEY, JSON.stringify(tasks));
  }
}
