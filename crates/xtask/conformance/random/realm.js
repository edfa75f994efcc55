// What a generated program finds in its realm. Everything that can be seen goes through `print`, which the runner
// gives; nothing here is instrumented.
"use strict";
(function (print) {
  const { ownKeys, getOwnPropertyDescriptor, getPrototypeOf } = Reflect;
  const { isArray } = Array;
  // A program's steps, and its calls inside one another.
  const ROOM = 1500;
  const DEEP = 100;
  // Rounds of all loops in one call of a function in which nothing but `throw` throws.
  const CALM_ROUNDS = 12;
  const LONGEST = 200;
  const DEEPEST = 3;
  let room = ROOM;
  let number = 0;
  let [asked, roundsLeft] = [1, CALM_ROUNDS];
  const rounds = new Map();

  function show(value, depth = 0) {
    switch (typeof value) {
      case "string":
        return JSON.stringify(value.length > LONGEST ? `${value.slice(0, LONGEST)}… ${value.length}` : value);
      case "bigint":
        return `${String(value).slice(0, LONGEST)}n`;
      case "symbol":
        return String(value);
      case "number":
        return Object.is(value, -0) ? "-0" : String(value);
      case "function":
        return `[${kind(value)} ${describe(value, "name", depth)} ${describe(value, "length", depth)}]${members(value, depth)}`;
      case "object":
        return value === null ? "null" : object(value, depth);
      default:
        return String(value);
    }
  }

  // Its own text would show the probes.
  function kind(value) {
    const hasPrototype = getOwnPropertyDescriptor(value, "prototype");
    if (hasPrototype && !hasPrototype.writable) return "class";
    return Object.prototype.toString.call(value).slice("[object ".length, -1);
  }

  function describe(value, key, depth) {
    const own = getOwnPropertyDescriptor(value, key);
    return own === undefined ? "-" : "value" in own ? show(own.value, depth + 1) : "accessor";
  }

  function object(value, depth) {
    if (value === globalThis) return "[global]";
    if (value instanceof Error) return message(value);
    const prototype = getPrototypeOf(value);
    const made = prototype && getOwnPropertyDescriptor(prototype, "constructor")?.value;
    const name = typeof made === "function" ? getOwnPropertyDescriptor(made, "name")?.value : prototype === null ? "null" : "";
    return `${isArray(value) ? `array ${value.length}` : typeof name === "string" ? name : "?"}${members(value, depth)}`;
  }

  function members(value, depth) {
    if (depth >= DEEPEST) return "{…}";
    const shown = [];
    for (const key of ownKeys(value)) {
      if (key === "length" || key === "name" || key === "arguments" || key === "caller") continue;
      if (key === "prototype") {
        if (typeof value[key] !== "object" || depth > 0) continue;
      }
      const own = getOwnPropertyDescriptor(value, key);
      if (own === undefined || key === "constructor") continue;
      const text = "value" in own ? show(own.value, depth + 1) : `${own.get ? "get " : ""}${own.set ? "set" : ""}`;
      shown.push(`${String(key)}: ${text}`);
      if (shown.length > 30) break;
    }
    return `{${shown.join(", ")}}`;
  }

  function message(error) {
    const name = getOwnPropertyDescriptor(error, "name")?.value ?? error.name;
    return `${typeof name === "string" ? name : show(name)}: ${getOwnPropertyDescriptor(error, "message")?.value}`;
  }

  const log = (...values) => {
    print(values.map((value) => safely(value)).join(" "));
    values.forEach((value) => exercise(value));
  };

  // Code that never runs proves nothing: every function and object of the program that is logged is used once.
  const sourceOf = Function.prototype.toString;
  const used = new WeakSet();
  let uses = 150;

  function exercise(value, depth = 0) {
    const isFunction = typeof value === "function";
    if (value === null || (!isFunction && typeof value !== "object") || depth > DEEPEST) return;
    if (used.has(value) || uses-- <= 0) return;
    used.add(value);
    if (!isFunction) return exerciseMembers(value, value, depth);
    if (sourceOf.call(value).endsWith("{ [native code] }")) return;
    if (kind(value) !== "class") return attempt(value, () => value(globals.thing, globals.thing), depth);
    const made = attempt(value, () => new value(globals.thing, globals.thing), depth);
    if (made !== undefined) exerciseMembers(value.prototype, made, depth);
    exerciseMembers(value, value, depth);
  }

  function exerciseMembers(holder, receiver, depth) {
    if (holder === null || typeof holder.next === "function" || holder === globalThis) return;
    for (const key of ownKeys(holder)) {
      const own = getOwnPropertyDescriptor(holder, key);
      if (own === undefined || key === "constructor" || key === "prototype") continue;
      const place = String(key);
      if (own.get) attempt(place, () => own.get.call(receiver), depth);
      if (own.set) attempt(place, () => own.set.call(receiver, 3), depth);
      if (typeof own.value === "function" && kind(own.value) !== "class") {
        if (!used.has(own.value)) attempt(place, () => own.value.call(receiver, globals.thing, 2), depth);
        used.add(own.value);
      } else {
        exercise(own.value, depth + 1);
      }
    }
  }

  // What comes of a call is shown and used in turn.
  function attempt(what, call, depth) {
    try {
      let result = call();
      if (typeof result?.next === "function") result = [result.next(1), result.next(2), result.return?.(3)];
      print(`use of ${safely(what, DEEPEST)}: ${safely(result)}`);
      for (const part of isArray(result) ? result.slice(0, 3) : [result]) {
        if (part instanceof Promise) settleAll(part);
        else exercise(part, depth + 1);
      }
      return result;
    } catch (error) {
      print(`use of ${safely(what, DEEPEST)}: ${safely(error)}`);
    }
  }

  const settleAll = (promise) =>
    promise.then(
      (value) => print(`settled: ${safely(value)}`),
      (error) => print(`rejected: ${safely(error)}`),
    );

  // A proxy's handler may throw.
  function safely(value, depth) {
    try {
      return show(value, depth);
    } catch (error) {
      return `cannot be shown: ${error}`;
    }
  }

  // Where the stack ends depends on what the engine has optimized by then; the calls on it do not.
  const { captureStackTrace } = Error;
  Error.stackTraceLimit = DEEP + 2;

  function depth() {
    const trace = {};
    captureStackTrace(trace, depth);
    // A function may be called `async`, even by a name that V8 made up and a probe changes: `at async (program.js:1:2)`.
    return trace.stack.match(/\n    at (?!async [^(])/g)?.length ?? 0;
  }

  const at = (place, value) => {
    print(`at ${place}`);
    return value;
  };

  const globals = {
    log,
    at,
    identity: (value) => value,
    used: (value) => (exercise(value), value),
    // The only end of some programs; every loop and function calls it.
    tick() {
      if (--room < 0) throw new RangeError("out of room");
      if (depth() > DEEP) throw new RangeError("too deep");
      return true;
    },
    // For such functions: answers depend on how many were given before.
    bit: () => ((asked = (Math.imul(asked, 1103515245) + 12345) >>> 0) >>> 16) % 3 === 0,
    spent: () => --roundsLeft < 0,
    renew: () => void (roundsLeft = CALM_ROUNDS),
    // Two rounds, and then the loop is left.
    bounded(name) {
      const round = (rounds.get(name) ?? 0) + 1;
      rounds.set(name, round % 3);
      return round < 3;
    },
    tag: (strings, ...values) => {
      log(strings, strings.raw, values);
      return values.length;
    },
    counted: (place, most) => ({
      [Symbol.iterator]() {
        let next = 0;
        print(`iterate ${place}`);
        return {
          next: () => ({ done: next >= most, value: at(place, next++) }),
          return: (value) => {
            print(`close ${place}`);
            return { done: true, value };
          },
        };
      },
    }),
    coerced: (place, value) => ({
      [Symbol.toPrimitive]: (hint) => at(`${place} ${hint}`, value),
    }),
    watched: (place, target) => new Proxy(target, {
      get: (of, key, receiver) => Reflect.get(of, at(`${place} get ${String(key)}`, key), key === "a" ? receiver : of),
      has: (of, key) => Reflect.has(of, at(`${place} has ${String(key)}`, key)),
      set: (of, key, to) => Reflect.set(of, at(`${place} set ${String(key)}`, key), to),
      deleteProperty: (of, key) => Reflect.deleteProperty(of, at(`${place} delete ${String(key)}`, key)),
      ownKeys: (of) => at(`${place} keys`, ownKeys(of)),
    }),
    later: async (value) => value,
    settle(place, promise) {
      Promise.resolve(promise).then(
        (value) => log(`settled ${place}`, value),
        (error) => log(`rejected ${place}`, error),
      );
      return ++number;
    },
    thing: {
      a: 1,
      b: { a: 2, m: (value) => value },
      m(...values) {
        return at("m", values.length);
      },
      get c() {
        return at("get c", this?.a);
      },
      set c(value) {
        at("set c", value);
      },
      [Symbol.iterator]: () => [1, 2][Symbol.iterator](),
    },
    Thing: class Thing {
      constructor(a) {
        this.a = a;
        print(`Thing ${safely(new.target?.name)}`);
      }
      m(value) {
        return at("Thing m", value);
      }
      get b() {
        return at("Thing b", 3);
      }
      static m() {
        return at("static m", 4);
      }
    },
  };
  for (const [name, value] of Object.entries(globals)) {
    Object.defineProperty(globalThis, name, { value, writable: true, configurable: true });
  }
  [globals, globals.thing, globals.thing.b, globals.Thing, globals.Thing.prototype].forEach((known) => {
    used.add(known);
    for (const key of ownKeys(known)) {
      const { value, get, set } = getOwnPropertyDescriptor(known, key);
      [value, get, set].forEach((part) => (typeof part === "object" && part) || typeof part === "function" ? used.add(part) : 0);
    }
  });
  // A function's text shows its probes, and many programs make a string of one.
  Function.prototype.toString = function () {
    return `[source of ${kind(this)}]`;
  };
  return safely;
});
