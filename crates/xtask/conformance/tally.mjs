// What a proof's script counts. It goes to standard output as JSON, at the end.

const counts = new Map();
const exceptions = new Map();
const failures = [];

export function add(name, count = 1) {
  counts.set(name, (counts.get(name) ?? 0) + count);
}

// A difference that is right, and why.
export function except(name, reason, count = 1) {
  exceptions.set(name, [(exceptions.get(name)?.[0] ?? 0) + count, reason]);
}

export function fail(text) {
  failures.push(text);
}

export function print() {
  const flat = [...exceptions].map(([name, [count, reason]]) => [name, count, reason]);
  process.stdout.write(JSON.stringify({ counts: [...counts], exceptions: flat, failures }));
}
