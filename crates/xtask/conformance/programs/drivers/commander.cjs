const { Argument, Command, InvalidArgumentError, Option } = require("commander");
const { refused, show } = require("../shared/kit.cjs");
const program = new Command("tool").version("1.2.3").exitOverride().configureOutput({ writeOut: (text) => show("out", text), writeErr: (text) => show("err", text) });
const number = (text) => {
    if (Number.isNaN(Number(text))) throw new InvalidArgumentError("Not a number.");
    return Number(text);
};
program.enablePositionalOptions().option("-v, --verbose", "more words", (_, before) => before + 1, 0).addOption(new Option("--level <n>").choices(["1", "2"]).default("1").env("LEVEL").conflicts("quiet")).option("--no-quiet");
program.command("add").description("adds").argument("<first>", "a number", number).addArgument(new Argument("[rest...]").argParser((text, all = []) => [...all, number(text)])).option("-s, --scale [n]", "by", number, 1).action((first, rest, options, command) => show("add", [first, rest, options, command.optsWithGlobals()]));
program.command("run <script>", { hidden: true }).alias("r").allowUnknownOption().passThroughOptions().action((script, options, command) => show("run", [script, command.args]));
const run = (...args) => refused(args.join(" "), () => program.parse(args, { from: "user" }) && "done");
run("-vv", "add", "1", "2", "3", "-s", "4");
run("r", "x", "--unknown", "y");
for (const wrong of [["--help"], ["--version"], ["add", "x"], ["ad"], ["--level", "3"], ["add"], ["help", "add"], ["--lvel=1"]]) run(...wrong);
