import { Chalk, modifierNames } from "chalk";
import { show } from "../shared/kit.cjs";
for (const level of [0, 1, 2, 3]) {
    const chalk = new Chalk({ level });
    show(`level ${level}`, [chalk.red.bold.underline("a"), chalk.hex("#ff8800").bgRgb(1, 2, 3)("b\nc"), chalk.blue(`x${chalk.green("y")}z`), chalk.visible("v"), chalk.bgAnsi256(194).inverse("d", "e")]);
}
show("names", modifierNames);
