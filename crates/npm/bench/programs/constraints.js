import { Constraint, Expression, Operator, Solver, Strength, Variable } from "@lume/kiwi";

/** As Octane's DeltaBlue: a chain of constraints, solved again and again. */
export function work() {
  const solver = new Solver();
  const variables = Array.from({ length: 40 }, () => new Variable());
  for (let i = 1; i < variables.length; i++) {
    const gap = new Expression(variables[i], [-1, variables[i - 1]], -10);
    const operator = i % 3 ? Operator.Eq : Operator.Ge;
    solver.addConstraint(new Constraint(gap, operator, 0, i % 2 ? Strength.strong : undefined));
  }
  solver.addEditVariable(variables[0], Strength.strong);
  for (let value = 0; value < 20; value++) {
    solver.suggestValue(variables[0], value);
    solver.updateVariables();
  }
  return variables.at(-1).value();
}
