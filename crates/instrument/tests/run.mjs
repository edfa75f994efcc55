// Runs programs before and after instrumentation and says what each could be seen to do.
//
// Standard input: [{name, before, after, kind: "script" | "module" | "commonjs", array, declared, setup}].
// Standard output: [{name, before, after, pushed}], where before and after are {printed, value, error}.
//
// Every run has a realm of its own, so that no program sees another's globals.

import { createRequire } from "node:module";
import { text } from "node:stream/consumers";
import { format, inspect } from "node:util";
import vm from "node:vm";

const FILE = "program.js";
const TIMEOUT = 10_000;
const require = createRequire(import.meta.url);

let current;
process.on("unhandledRejection", (error) => current?.printed.push(`unhandled: ${describe(error)}`));

function describe(error) {
  return error !== null && typeof error === "object" && "message" in error ? `${error.name}: ${error.message}` : inspect(error);
}

function realm(run) {
  const timers = new Set();
  const write = (...values) => run.printed.push(format(...values));
  const later = (callback, delay, ...values) => {
    const timer = setTimeout(() => {
      timers.delete(timer);
      try {
        callback(...values);
      } catch (error) {
        run.printed.push(`uncaught: ${describe(error)}`);
      }
    }, delay);
    timers.add(timer);
    return timer;
  };
  const cancel = (timer) => {
    timers.delete(timer);
    clearTimeout(timer);
  };
  const context = vm.createContext({
    console: { log: write, error: write, warn: write },
    setTimeout: later,
    clearTimeout: cancel,
    queueMicrotask,
  });
  context.global = vm.runInContext("globalThis", context);
  return { context, timers };
}

async function evaluate(code, kind, context) {
  if (kind === "script") {
    const importModuleDynamically = (specifier) => link(specifier, context);
    return vm.runInContext(code, context, { filename: FILE, timeout: TIMEOUT, importModuleDynamically });
  }
  if (kind === "commonjs") {
    const module = { exports: {} };
    const parameters = ["exports", "require", "module", "__filename", "__dirname"];
    const body = vm.compileFunction(code, parameters, { filename: FILE, parsingContext: context });
    body.call(module.exports, module.exports, require, module, FILE, ".");
    return module.exports;
  }
  const module = new vm.SourceTextModule(code, {
    context,
    identifier: FILE,
    initializeImportMeta: (meta) => (meta.url = `file:///${FILE}`),
    importModuleDynamically: (specifier) => link(specifier, context),
  });
  await module.link((specifier) => link(specifier, context));
  await module.evaluate({ timeout: TIMEOUT });
  return Object.fromEntries(Object.entries(module.namespace));
}

// Nothing but Node's own modules and data: URLs can be imported.
async function link(specifier, context) {
  const found = await import(specifier);
  const module = new vm.SyntheticModule(Object.keys(found), () => {
    for (const key of Object.keys(found)) module.setExport(key, found[key]);
  }, { context, identifier: specifier });
  await module.link(() => {});
  await module.evaluate();
  return module;
}

async function observe(name, code, kind, prepare) {
  const run = { printed: [], value: "", error: null };
  current = run;
  const { context, timers } = realm(run);
  prepare(context);
  try {
    const value = await Promise.race([evaluate(code, kind, context).then((value) => ({ value })), idle(timers)]);
    run.value = value === undefined ? "never settled" : inspect(value.value, { depth: 4 });
  } catch (error) {
    // One that is cut short would look the same before and after, however it differs.
    if (error?.code === "ERR_SCRIPT_EXECUTION_TIMEOUT") throw new Error(`${name} does not end`);
    run.error = describe(error);
  }
  // Reactions of promises and rejections nobody handled come before the next turn, timers later.
  do await turn();
  while (timers.size > 0);
  current = undefined;
  return { run, context };
}

const turn = () => new Promise((resolve) => setImmediate(() => setImmediate(resolve)));

// A module may wait at its top level for what never comes.
async function idle(timers) {
  for (let turns = 0; turns < 200 || timers.size > 0; turns++) await turn();
}

const seen = [];
for (const { name, before, after, kind, array, declared, setup } of JSON.parse(await text(process.stdin))) {
  const prepare = (context) => vm.runInContext(setup, context);
  const original = await observe(`${name}, before`, before, kind, prepare);
  const probed = await observe(`${name}, after`, after, kind, (context) => {
    if (!declared) context[array] = vm.runInContext("[]", context);
    prepare(context);
  });
  seen.push({ name, before: original.run, after: probed.run, pushed: [...(probed.context[array] ?? [])] });
}
process.stdout.write(JSON.stringify(seen));
