import yargs from "yargs";
import { show } from "../shared/kit.cjs";
const parser = () => yargs([], "/").scriptName("tool").exitProcess(false).showHelpOnFail(false).strict().help().locale("en").wrap(80).version("1.2.3")
    .option("level", { alias: "l", type: "number", choices: [1, 2, 3], describe: "how much" })
    .option("files", { array: true, coerce: (all) => all.map((one) => one.toUpperCase()) })
    .command("get <key> [rest..]", "gets", (y) => y.positional("key", { type: "string" }).option("deep.er", { boolean: true, implies: "level" }), (argv) => show("get", argv))
    .command({ command: "set", describe: "sets", handler: async (argv) => show("set", argv.files ?? null) })
    .check((argv) => argv.level !== 3 || "three is too much").middleware((argv) => void (argv.seen = true)).demandCommand(1, "say what").recommendCommands();
for (const line of ["get a b c -l 2", "set --files x y --no-level", "get a --deep.er", "gte a", "--help", "get --help", "set -l 3", "set -l 9", "", "set --other", "--version"]) {
    await new Promise((done) => parser().parse(line, (error, argv, output) => (show(line || "(nothing)", [error?.message, output, Object.keys(argv)]), done())));
}
